/** A request as it arrived, its body read to the end. */
export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string | FormData
}

/** What goes back. `cut` ends the connection: before anything was sent, or in the middle of the body. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly cut?: 'whole' | 'half'
}

/** Reads the arguments of `fetch`. */
export const incomingOf = async (input: string | URL | Request, init?: RequestInit): Promise<Incoming> => {
  const body = init?.body ?? undefined
  if (!(input instanceof Request) && (body === undefined || typeof body === 'string')) {
    const method = (init?.method ?? 'GET').toUpperCase()
    return { method, url: new URL(input), headers: new Headers(init?.headers), body: body ?? '' }
  }
  const request = new Request(input, init)
  const multipart = request.headers.get('content-type')?.startsWith('multipart/form-data')
  return {
    method: request.method,
    url: new URL(request.url),
    headers: request.headers,
    body: multipart ? await request.formData() : await request.text(),
  }
}

/** The reply as `fetch` gives it. @throws {TypeError} like undici's when the connection is cut. */
export const responseOf = (reply: Reply): Response => {
  if (reply.cut === 'whole')
    throw new TypeError('fetch failed', { cause: connectionError('ECONNRESET', 'socket hang up') })
  const empty = reply.status === 204 || reply.status === 304
  return new Response(empty ? null : reply.cut === 'half' ? halfOf(reply.body) : reply.body, {
    status: reply.status,
    headers: reply.headers,
  })
}

const halfOf = (text: string): ReadableStream<Uint8Array> => {
  const bytes = new TextEncoder().encode(text)
  let sent = false
  return new ReadableStream({
    pull: (controller) => {
      if (sent)
        controller.error(new TypeError('terminated', { cause: connectionError('UND_ERR_SOCKET', 'other side closed') }))
      else controller.enqueue(bytes.subarray(0, Math.floor(bytes.length / 2)))
      sent = true
    },
  })
}

const connectionError = (code: string, message: string): Error => Object.assign(new Error(message), { code })
