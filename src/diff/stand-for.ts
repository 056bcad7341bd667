import { unversioned, webVersionOf } from '../model/index.ts'

/**
 * Which remembered address each wanted one stands for: itself, or, where either of both says nothing of what lies behind it, the
 * one that is the same apart from that. What stands for none is left out, and no two stand for the same.
 */
export const standFor = (wanted: readonly string[], remembered: readonly string[]): ReadonlyMap<string, string> => {
  const found = new Map(wanted.filter((one) => remembered.includes(one)).map((one) => [one, one]))
  const left = new Map(
    remembered.filter((one) => IS_WEB.test(one) && !found.has(one)).map((one) => [unversioned(one), one]),
  )
  for (const address of wanted) {
    const same = found.has(address) ? undefined : left.get(unversioned(address))
    if (same === undefined || (webVersionOf(address) && webVersionOf(same))) continue
    found.set(address, same)
    left.delete(unversioned(address))
  }
  return found
}

const IS_WEB = /^https?:/i
