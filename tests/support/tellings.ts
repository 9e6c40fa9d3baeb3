/** What tables of behaviours share: tellings put together, and an operator who accepts an explanation. */
import { episodeId } from '../../src/core/ids.ts'
import { POLICY } from './heard.ts'
import type { Shop } from './heard.ts'
import { play } from './watch.ts'

export type Tell = (shop: Shop) => void

export const all =
  (...tellings: readonly Tell[]): Tell =>
  (shop) => {
    for (const tell of tellings) tell(shop)
  }

/** The records of one detector, in full. */
export const recordsOf = (shop: Shop, detector: string) =>
  play(shop.lines(), { policy: POLICY }).records.filter((it) => it.detector === detector)

/** The explanation of what the detector has said last is accepted. */
export const accepts =
  (detector: string, local: string): Tell =>
  (shop) => {
    const last = recordsOf(shop, detector).at(-1)
    if (last === undefined) throw new Error(`${detector} has said nothing`)
    shop.tell(local, 'information.submitted', { warningId: episodeId(last), outcome: 'accepted' })
  }

/** A local time so many seconds later. */
export const after = (local: string, seconds: number): string =>
  Temporal.PlainDateTime.from(local).add({ seconds }).toString()
