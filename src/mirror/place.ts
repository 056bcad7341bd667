import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/** Why a mirror is not safe where it lies; null where nothing speaks against it. */
export const shakyPlace = (path: string): string | null => shakyBecause(path, typeOfPlace(dirname(path)))

/** @param type of the file system, as `statfs` gives it; null where it tells none. */
export const shakyBecause = (path: string, type: number | null): string | null => {
  const network = type === null ? undefined : NETWORK[type >>> 0]
  if (network) return `it lies on a network file system (${network}), whose locks and writes cannot be relied on`
  const synced = path.split(/[\\/]/).find((name) => SYNCED.test(name))
  if (synced) return `it lies in ${synced}, which a program may replace or copy while it is written`
  return null
}

/** Magic numbers of Linux, statfs(2). */
const NETWORK: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB 2',
  1702057286: 'FUSE',
  16914839: '9P',
  1397113167: 'AFS',
  1799439955: 'AFS',
  12805120: 'Ceph',
  1937076805: 'Coda',
  22092: 'NetWare',
  198183888: 'Lustre',
  1196443219: 'GPFS',
  2020557398: 'VirtualBox',
  3133910204: 'VMware',
}

const SYNCED = /^(Dropbox|OneDrive|Google Drive|GoogleDrive|iCloud|Nextcloud|Mobile Documents)\b/i

const typeOfPlace = (folder: string): number | null => {
  if (!existsSync(folder)) return dirname(folder) === folder ? null : typeOfPlace(dirname(folder))
  try {
    return statfsSync(folder).type
  } catch {
    // Where it cannot be asked, nothing is known against it.
    return null
  }
}
