/**
 * Runs tasks at the same time, and waits for all of them. Once one has failed, the others are told to end where they can go on later.
 * @throws what failed first
 */
export const sideBySide = async (tasks: readonly ((isHalted: () => boolean) => Promise<void>)[]): Promise<void> => {
  const failures: unknown[] = []
  await Promise.all(
    tasks.map((task) => task(() => failures.length > 0).catch((failure: unknown) => void failures.push(failure))),
  )
  if (failures.length) throw failures[0]
}
