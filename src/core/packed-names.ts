/**
 * Names and words that stand in most accounts. A word's place is what is stored, and the first 128 take one
 * byte: add at the end, and take nothing out.
 */
export const NAMES: readonly string[] = [
  ...['CN', 'CNY', 'Asia/Shanghai', 'active', 'pending-activation', 'restricted', 'suspended'],
  ...['closing', 'deregistered', 'account', 'account:reverify', 'account:stop', 'timer', 'none'],
  ...['merchant-inactivity', 'terminal-inactivity', 'never-activated', 'pause-ending'],
  ...['fee-due-soon', 'fee-overdue', 'fee-collection-failed', 'negative-balance'],
  ...['document-expiry', 'payout-returned', 'decline-burst-card', 'volume-spike'],
  ...['network-rejected', 'decline-ratio-spike', 'card-testing', 'repeat-card', 'round-amount'],
  ...['dormant-reactivation', 'unmatched-refund', 'primary', 'backup', 'training', 'test'],
  ...['notice', 'warning', 'final-warning', 'consequence-due', 'merchant', 'operator'],
  ...['suspension', 'deregistration', 'deactivation', 'payout-hold', 'review', 'block'],
  ...['declared', 'ended', 'open', 'accepted', 'rejected', 'business-licence', 'legal-rep-id'],
  ...['00', '03', '05', '14', '41', '43', '51', '54', '55', '57', '58', '59', '61', '62', '63'],
  ...['65', '75', '91', '97', '5411', '5812', '5814', '5651', '5722', '7230', '5541', '5999'],
  ...['B10m', 'B30m', 'B1h', 'P24h', 'LD', 'D7', 'D28', 'D30', 'no-original', 'transfer'],
  ...['USD', 'EUR', 'JPY', 'HKD', 'GBP', 'US', 'DE', 'JP', 'HK', 'GB', 'reinstating'],
  ...['deregistration-scheduled', 'monthly', 'terminal-rental', 'pci', 'T1', 'doc-1', 'doc-1i'],
]

/** Subjects by what stands before and behind their id. The order is stored. */
export const SUBJECTS: readonly (readonly [before: string, after: string])[] = [
  ['terminal:', ':reverify'],
  ['terminal:', ':stop'],
  ['document:', ''],
  ['invoice:', ''],
  ['settlement-account:', ''],
  ['payout:', ''],
  ['terminal:', ''],
]

/**
 * Records whose members need no names. Neither the order of the list nor of a record may change: a record that
 * gains a member is written with its names until it stands here anew, at the end.
 */
export const SHAPES: readonly (readonly string[])[] = [
  ['atMs', 'on'],
  ['versions', 'answeredMs', 'pending'],
  ['atMs', 'docType', 'validTo', 'isLongTerm'],
  ['atMs', 'arrivedMs'],
  ['lastOn', 'fourWeeks', 'outlier'],
  ['lastOn', 'firstOn', 'lastMs', 'fourWeeks', 'largeMin', 'large'],
  ['atMs', 'isOpen'],
  ['told', 'breaks'],
  ['kind', 'atMs', 'from', 'to'],
  ['kind', 'atMs', 'on'],
  ['versions', 'payments', 'disputes', 'failures', 'writtenOffMs'],
  ['atMs', 'amount', 'currency', 'dueOn', 'suspendOn', 'feeType', 'method'],
  ['atMs', 'amount', 'currency'],
  ['atMs', 'on', 'status'],
  ['atMs', 'code'],
  ['atMs', 'amount'],
  ['returns', 'completed', 'sent'],
  ['atMs', 'payoutId', 'accountRef', 'code', 'scheme'],
  ['atMs'],
  ['atMs', 'payout', 'accountRef'],
  ['hits', 'open', 'nextMs', 'silentUntil', 'stood'],
  [
    ...['openedMs', 'openedBy', 'stage', 'stageAtMs', 'knownBeforeMs', 'cause', 'consequence'],
    ...['audience', 'terminalIds', 'consequenceOn', 'warnedOn'],
  ],
  [...['rule', 'endMs', 'on', 'key', 'isStrong', 'spanMs', 'lastAtMs', 'previousOn', 'pane']],
  ['from', 'to'],
  ['atMs', 'role'],
  [
    ...['originalId', 'atMs', 'arrivedMs', 'isPartial', 'isTimeout', 'amount', 'tookTally'],
    ...['tookActivity'],
  ],
  [
    ...['atMs', 'pane', 'eventId', 'terminalId', 'amount', 'currency', 'isInMoney', 'failure'],
    ...['cashier'],
  ],
  ['day', 'declines', 'by'],
  [
    ...['openedMs', 'openedBy', 'stage', 'stageAtMs', 'knownBeforeMs', 'cause', 'consequence'],
    ...['audience', 'terminalIds', 'consequenceOn', 'warnedOn', 'renewedMs'],
  ],
  [
    ...['rule', 'endMs', 'on', 'key', 'isStrong', 'spanMs', 'lastAtMs', 'previousOn', 'pane'],
    ...['firstPane'],
  ],
]

const SHAPE_NUMBERS = new Map(SHAPES.map((names, at) => [names.toSorted().join(), at]))
/** By their first name, the orders met, which are few. */
const ORDERS_MET = new Map<string, { names: readonly string[]; shape: number }[]>()

/** The place of a shape with exactly these members, in any order. Undefined: there is none. */
export function shapeOf(names: readonly string[]): number | undefined {
  const [first = ''] = names
  const met = ORDERS_MET.get(first) ?? []
  for (const known of met) if (isSame(known.names, names)) return known.shape
  const shape = SHAPE_NUMBERS.get(names.toSorted().join())
  if (shape !== undefined) ORDERS_MET.set(first, [...met, { names, shape }])
  return shape
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false
  return true
}
