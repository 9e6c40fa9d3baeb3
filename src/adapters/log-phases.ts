/** Says once, in the log, when a partition begins or ends to see, and when merchants fall silent together. */
import type { Logger } from 'pino'
import type { Observer, PartitionPhase } from '../core/observer.ts'

type Known = { phase: PartitionPhase | undefined; silences: ReadonlySet<string> }

/** Of each partition only what is another than at its last progress here. */
export function tellPhases(logger: Logger, observer: Observer): Observer {
  const partitions = new Map<number, Known>()

  function tellPhase(partition: number, from: Known['phase'], phase: PartitionPhase): void {
    if (phase === from) return
    if (phase === 'blind') {
      logger.error({ partition }, 'blind: its sources fell silent, so absence is not judged')
    } else if (from === 'blind') {
      logger.warn({ partition, phase }, 'not blind any more: what waited is judged now')
    } else logger.info({ partition, phase }, 'phase of a partition')
  }

  return {
    ...observer,
    progress: (partition, at) => {
      const known = partitions.get(partition) ?? { phase: undefined, silences: new Set() }
      tellPhase(partition, known.phase, at.phase)
      for (const { name, accounts } of at.silences) {
        if (known.silences.has(name)) continue
        logger.error(
          { partition, incidentId: name, accounts },
          'many merchants fell silent on one date: their absence is not judged until half of them ' +
            'are heard again, or this incident is closed',
        )
      }
      const silences = new Set(at.silences.map(({ name }) => name))
      for (const name of known.silences) {
        if (silences.has(name)) continue
        logger.warn({ partition, incidentId: name }, 'a silence is over: what waited is judged now')
      }
      partitions.set(partition, { phase: at.phase, silences })
      observer.progress(partition, at)
    },
    released: (partition) => {
      partitions.delete(partition)
      observer.released(partition)
    },
  }
}
