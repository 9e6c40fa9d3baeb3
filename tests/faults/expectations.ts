/** What holds of the outputs of a deployment that has come to the end of its stream. */
import { expect } from 'vitest'
import type { Outputs, Said } from '../support/outputs.ts'
import { CARD } from './stream.ts'
import type { Stream } from './stream.ts'

/** The same records as `replay`, each once, in its order per account; the same refusals, each once. */
export function expectEqual(outputs: Outputs, { replayed }: Stream): void {
  const [heard, expected] = [idsOf(outputs.warnings), idsOf(replayed.said)]
  expect({
    missing: expected.filter((id) => !heard.includes(id)),
    extra: heard.filter((id) => !expected.includes(id)),
    doubled: heard.filter((id, at) => heard.indexOf(id) < at),
  }).toEqual({ missing: [], extra: [], doubled: [] })
  expect(byAccount(outputs.warnings)).toEqual(byAccount(replayed.said))
  expect(outputs.deadLetters.map((it) => it.split(' ')[0])).toEqual(replayed.dead)
  expect(new Set(outputs.deadLetters).size).toBe(outputs.deadLetters.length)
}

/** Of nothing that leaves the input. */
export function expectNoCard(texts: readonly string[]): void {
  const leaks = texts.filter((text) => text.includes(CARD))
  expect(
    leaks.map((text) => text.slice(Math.max(0, text.indexOf(CARD) - 200)).slice(0, 300)),
  ).toEqual([])
}

function idsOf(said: readonly Said[]): string[] {
  return said.map(({ id }) => String(id)).toSorted()
}

function byAccount(said: readonly Said[]): ReadonlyMap<string, readonly Said[]> {
  const accounts = Map.groupBy(said, ({ tenantid, subject }) => [tenantid, subject].join(' '))
  return new Map([...accounts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
