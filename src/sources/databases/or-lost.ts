/**
 * Work over a connection, or the end of it: a driver that waits for an answer of a dead connection waits for ever. Unlike a race with
 * a promise that lasts, nothing of the work is held once it is done.
 */
export const orLost = <T>(work: Promise<T>, lost: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(lost.reason)
    lost.addEventListener('abort', stop)
    if (lost.aborted) stop()
    work.then(resolve, reject).finally(() => lost.removeEventListener('abort', stop))
  })
