/** The disk that holds a folder. */
import { statfs } from 'node:fs/promises'
import type { Disk } from '../../ports/disk.ts'

/** @param folder where the store keeps its rows; undefined when they are on another machine */
export const systemDisk = (folder: string | undefined): Disk => ({
  free: async () => {
    if (folder === undefined) return undefined
    const { bavail, blocks, bsize } = await statfs(folder)
    return blocks === 0 ? undefined : { bytes: bavail * bsize, share: bavail / blocks }
  },
})
