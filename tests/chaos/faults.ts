/** The list: every fault that can be exercised here. */
import { BROKER_FAULTS } from './faults-brokers.ts'
import { INSTANCE_FAULTS } from './faults-instances.ts'
import { LINK_FAULTS } from './faults-links.ts'
import { REDIS_FAULTS } from './faults-redis.ts'
import type { Fault } from './world.ts'

/** `wanted`: beginnings of names. Raises a RangeError where one names nothing. */
export function chosenFaults(wanted: readonly string[] | undefined): readonly Fault[] {
  const all = [...INSTANCE_FAULTS, ...REDIS_FAULTS, ...BROKER_FAULTS, ...LINK_FAULTS]
  if (wanted === undefined) return all
  const isMeant = (word: string, { name }: Fault): boolean =>
    name.toLowerCase().startsWith(word.trim().toLowerCase())
  const lost = wanted.find((word) => !all.some((fault) => isMeant(word, fault)))
  if (lost !== undefined) {
    const names = all.map(({ name }) => `  ${name}`).join('\n')
    throw new RangeError(`no fault begins with ${lost}:\n${names}`)
  }
  return all.filter((fault) => wanted.some((word) => isMeant(word, fault)))
}
