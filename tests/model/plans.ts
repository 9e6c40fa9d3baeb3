/** The explorations that are run: by every `npm test`, by hand, and with each planted slip. */
import { settings } from './settings.ts'
import type { Defect, Settings } from './settings.ts'

type Changes = Parameters<typeof settings>[2]
type Some = Parameters<typeof settings>[1]

const ALONE: Changes = { isZombie: false }
/** One record that warns at once. */
const WARNS: Changes = { log: [{ account: 0, warns: true }], appended: 1, lastInstant: 0 }
/** One record that sets a timer, due now. */
const TIMER: Changes = {
  log: [{ account: 0, warns: false, due: 1 }],
  appended: 1,
  firstInstant: 1,
}
/** One record that warns and sets a timer. */
const BOTH: Changes = { ...TIMER, log: [{ account: 0, warns: true, due: 1 }] }
/** The second record arrives while the first one's timer is judged, at one instant or another. */
const LIVE: Changes = {
  log: [
    { account: 0, warns: false, due: 1 },
    { account: 0, warns: true, due: 2 },
  ],
  appended: 1,
  lastInstant: 2,
}
/** The first record's timer is due long after; the second one warns, and comes late. */
const LATER: Changes = {
  log: [
    { account: 0, warns: false, due: 2 },
    { account: 1, warns: true },
  ],
  appended: 1,
  lastInstant: 2,
}
const TWO_TIMERS: Changes = {
  log: [
    { account: 0, warns: false, due: 1 },
    { account: 1, warns: false, due: 2 },
  ],
  lastInstant: 2,
}
const LAZY: Changes = { ...TIMER, isLazy: true }
const ALL: Some = { crash: 1, commit: 1, produce: 1, rollback: 1 }

export const QUICK: readonly Settings[] = [
  settings('a warning, two processes', { ...ALL, commit: 2 }, WARNS),
  settings('a timer, two processes, a death', { crash: 1, rollback: 1 }, TIMER),
  settings('a timer, two processes, a lost reply', { commit: 1, rollback: 1 }, TIMER),
  settings('a timer, Redis emptied', { commit: 1, empty: 1 }, TIMER),
  settings('a record that arrives meanwhile', { crash: 1, commit: 1 }, { ...LIVE, ...ALONE }),
  settings('two records, one process', ALL, ALONE),
  settings(
    'the fence in its steps',
    { crash: 1, produce: 2, rollback: 1 },
    { ...WARNS, isFenceSplit: true },
  ),
  settings(
    'an id of another partition',
    { crash: 1, rollback: 1 },
    { ...TIMER, hasForeignId: true },
  ),
  settings('accounts read when needed', { crash: 1, rollback: 1 }, { ...WARNS, isLazy: true }),
]

export const LARGER: readonly Settings[] = [
  settings('a timer, three faults', { crash: 1, commit: 1, rollback: 1 }, TIMER),
  settings('a warning and a timer, a lost reply', { crash: 1, commit: 1, reorder: 1 }, BOTH),
  settings('a warning and a timer, sends', { produce: 1, rollback: 1 }, BOTH),
  settings('a warning and a timer, a death', { crash: 1, rollback: 1 }, BOTH),
  settings('a warning, more faults', { ...ALL, crash: 2, commit: 2, reorder: 1 }, WARNS),
  settings('a warning, Redis emptied', { ...ALL, empty: 1 }, WARNS),
  settings('accounts read when needed, lost replies', { commit: 1, rollback: 1 }, LAZY),
  settings('two records, two rollbacks', { ...ALL, rollback: 2, reorder: 1 }, ALONE),
  settings('a record that arrives meanwhile, two processes', {}, LIVE),
  settings('two records, two processes', { crash: 1, commit: 1 }),
  settings('a timer, all faults', { ...ALL, empty: 1 }, TIMER),
]

export type Planted = Readonly<{ settings: Settings; told: RegExp }>

function planted(defect: Defect, told: RegExp, faults: Some, changes: Changes = {}): Planted {
  return { settings: settings(defect, faults, { ...changes, defect }), told }
}

export const PLANTED: readonly Planted[] = [
  planted('no compare', /the fold up to 1 says/, {}),
  planted('compare without writer', /has passed/, { commit: 1 }),
  planted('compare without version', /holds/, { commit: 1 }, { ...ALONE, ...TWO_TIMERS }),
  planted('cursor ahead of the state', /the fold up to 2 says/, {}, ALONE),
  planted('no read-back', /twice in the output/, { crash: 1 }, ALONE),
  planted('no fence', /twice in the output/, { produce: 1 }, ALONE),
  planted('fence without a look at the epochs', /twice in the output/, {}, { isFenceSplit: true }),
  planted('uncommitted entries are sent', /sent and never stored/, {}),
  planted('acknowledged when sent', /neither waiting nor sent/, { produce: 1 }, ALONE),
  planted('writer id used again', /has passed/, { crash: 1 }, ALONE),
  planted('mark set when sent', /twice in the output/, { produce: 1 }, ALONE),
  planted(
    'mark set past what is not told again',
    /has passed A/,
    { rollback: 1 },
    { ...ALONE, appendMax: 1 },
  ),
  planted('caught up before the output was opened', /has passed b/, { rollback: 1 }, LATER),
  planted('wall clock without proof', /holds "aAb"/, {}, { ...ALONE, ...LIVE, appended: 2 }),
  planted('wall noted after the end', /holds "aAb"/, {}, { ...ALONE, ...LIVE }),
  planted('reads not compared', /holds "aa"/, { rollback: 1 }, { isLazy: true }),
  planted('account and cursor read apart', /holds "aa"/, { rollback: 1 }, { isLazy: true }),
]
