/** What is written to the topic in one run, and when: quiet spells, bad records, repeats and delays. */
import type { Prng } from '../support/prng.ts'
import { badRecord, merchantOf, recordOf } from '../support/toy-events.ts'
import type { Written } from '../support/toy-events.ts'
import type { World } from '../support/simulated-world.ts'
import type { Plan } from './plan.ts'

export type Append = (atMs: number, partition: number, record: Written) => void

export function writeLog(
  dice: Prng,
  plan: Plan,
  isStruck: World['isStruck'],
  append: Append,
): void {
  const { startMs, isPast, liveMs, untilMs, partitions, merchants, pace } = plan
  const endMs = Math.min(untilMs + 60_000 / pace, startMs + liveMs)
  let atMs = isPast ? startMs - 300_000 / pace : startMs
  for (let i = 0; i < plan.records && atMs < endMs; i++) {
    const isQuiet = dice.chance(0.04) && (isPast || atMs < startMs + liveMs / 2)
    if (isQuiet) atMs += dice.below(40_000 / pace)
    else atMs += dice.chance(0.7) ? dice.below(80) : dice.below((6 * liveMs) / plan.records)
    const partition = dice.below(partitions)
    const merchant = dice.chance(0.03) ? '*' : merchantOf(partition, dice.below(merchants))
    const delayMs = isStruck('delayed') ? dice.below(60_000) : dice.below(900)
    const record = dice.chance(0.03) ? badRecord(i) : recordOf(merchant, atMs - delayMs, i)
    append(atMs, partition, record)
    if (isStruck('duplicated')) append((atMs += dice.below(40)), partition, record)
  }
  if (isPast) return
  // About the run's end every partition is heard of: what a live one may call blind, a plain fold does not.
  atMs = Math.min(atMs, Math.max(startMs, untilMs - 25_000 / pace))
  for (; atMs < untilMs + 20_000; atMs += Math.floor((7_000 + dice.below(7_000)) / pace)) {
    for (let p = 0; p < partitions; p++)
      append(atMs + p, p, recordOf(merchantOf(p, 0), atMs, Math.floor(atMs % 997)))
  }
}
