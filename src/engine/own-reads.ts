/** Reads that belong to one life's memory only while the store stands where this life left it. */
import type { Cursor } from '../core/ports.ts'

export type OwnReads = <T>(asked: Promise<T>) => Promise<T>

export type OwnReadsPorts = Readonly<{
  /** As stored now: asked together with what is read, answered after it. */
  cursor: () => Promise<Cursor | undefined>
  /** As found when the life began. */
  loaded: Cursor | undefined
  writer: string
  committedVersion: () => number
  /** Another writer's account may have been read, or a failover gave the compare its old cursor back. */
  lost: () => void
}>

export function createOwnReads(ports: OwnReadsPorts): OwnReads {
  return async (asked) => {
    const [found, stored] = await Promise.all([asked, ports.cursor()])
    const isLoaded = isSameCursor(stored, ports.loaded)
    const isRolledBack = (stored?.version ?? 0) < ports.committedVersion()
    if ((!isLoaded && stored?.writer !== ports.writer) || isRolledBack) ports.lost()
    return found
  }
}

export function isSameCursor(a: Cursor | undefined, b: Cursor | undefined): boolean {
  return a?.offset === b?.offset && a?.version === b?.version && a?.writer === b?.writer
}
