/** Why a partition takes no records for now: its memory stands, a dependency is away. */
export type Hold = 'store' | 'commits' | 'outbox'

export type Holds = Readonly<{
  hold: (cause: Hold) => void
  release: (cause: Hold) => void
  isHeld: () => boolean
  causes: () => readonly Hold[]
  clear: () => void
}>

/** `pause` with the first cause, `resume` with the end of the last. */
export function createHolds(pause: () => void, resume: () => void): Holds {
  const causes = new Set<Hold>()
  return {
    hold: (cause) => {
      if (causes.size === 0) pause()
      causes.add(cause)
    },
    release: (cause) => {
      if (causes.delete(cause) && causes.size === 0) resume()
    },
    isHeld: () => causes.size > 0,
    causes: () => [...causes],
    clear: () => causes.clear(),
  }
}
