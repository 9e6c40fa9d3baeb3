/** Why a warning is over, in plain English. */
import type { Resolution, WarningRecord } from '../core/warning.ts'
import { idOf } from './sentence-parts.ts'

/** Of a record whose reason is `resolved` or `retracted`. */
export function endSentence(record: WarningRecord): string {
  const { reason, resolution = 'cleared' } = record
  const it = ENDS[record.detector] ?? { about: () => record.detector, clear: 'needs no more care' }
  const about = it.about(record)
  if (reason === 'retracted') {
    return `Taken back: what arrived late shows that the warning about ${about} was not called for.`
  }
  const subject = `${about.slice(0, 1).toUpperCase()}${about.slice(1)}`
  return resolution === 'cleared'
    ? `Over: ${about} ${it.clear}.`
    : `${subject}: ${WHY[resolution]}.`
}

type End = Readonly<{ about: (record: WarningRecord) => string; clear: string }>

const terminal = ({ subject }: WarningRecord): string => `terminal ${idOf(subject)}`
const invoice = ({ subject }: WarningRecord): string => `invoice ${idOf(subject)}`

const ENDS: Readonly<Record<string, End>> = {
  'terminal-inactivity': { about: terminal, clear: 'no longer counts as inactive' },
  'merchant-inactivity': { about: () => 'the merchant', clear: 'no longer counts as inactive' },
  'never-activated': { about: terminal, clear: 'no longer waits to be activated' },
  'pause-ending': { about: () => 'the pause', clear: 'needs no more attention' },
  'fee-due-soon': { about: invoice, clear: 'is settled, disputed or has another date' },
  'fee-overdue': { about: invoice, clear: 'is no longer overdue' },
  'decline-burst-card': { about: () => 'the declined card', clear: 'was not followed by others' },
  'volume-spike': { about: () => 'trade', clear: 'is back to its usual volume' },
}

const WHY: Readonly<Record<Exclude<Resolution, 'cleared'>, string>> = {
  reviewed: 'the operator has accepted the explanation',
  superseded: 'another step has taken the place of this warning',
  'rolled-up': 'now part of the warning about the whole account',
  'policy-changed': 'the rules were changed and no longer ask for this',
}
