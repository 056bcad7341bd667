/** Keeps requests of different groups apart: while one group is in flight the others wait, first come first served. */
export interface Groups {
  run<T>(group: string, task: () => Promise<T>): Promise<T>
}

export const createGroups = (): Groups => {
  const waiting: { readonly group: string; readonly enter: () => void }[] = []
  let current = ''
  let inside = 0

  const admit = (): void => {
    for (let next = waiting[0]; next && (inside === 0 || next.group === current); next = waiting[0]) {
      waiting.shift()
      current = next.group
      inside += 1
      next.enter()
    }
  }

  return {
    run: async (group, task) => {
      await new Promise<void>((enter) => {
        waiting.push({ group, enter })
        admit()
      })
      try {
        return await task()
      } finally {
        inside -= 1
        admit()
      }
    },
  }
}
