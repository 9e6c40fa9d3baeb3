/** Who the merchant is, declared closures, re-verification. */
import type { EventOf, TerminalEvent } from '../events/event.ts'
import { parseDay } from '../events/time-text.ts'
import { dateOfText, instantOf } from './applying.ts'
import type { Applying } from './applying.ts'
import { breakPause, tellPause } from './pauses.ts'

const VERIFICATIONS_MAX = 8

export function applyMerchant(applying: Applying, event: TerminalEvent): void {
  switch (event.type) {
    case 'merchant.registered':
    case 'merchant.profile-changed':
      return applyProfile(applying, event)
    case 'merchant.pause.declared':
      return declarePause(applying, event)
    case 'merchant.pause.ended': {
      const { account, atMs, zone, changes } = applying
      tellPause(account.facts.pauses, { kind: 'ended', atMs, on: zone.dayOf(atMs) })
      account.dirty.facts = true
      changes.add('pauses')
      return
    }
    case 'merchant.reverified':
      return verify(applying, event)
    default:
  }
}

function applyProfile(
  { account, atMs, changes, zone }: Applying,
  { data }: EventOf<'merchant.registered'> | EventOf<'merchant.profile-changed'>,
): void {
  const { facts } = account
  const { mcc, country, timezone, scale, migratedAt } = data
  const migratedMs = migratedAt === undefined ? undefined : instantOf(migratedAt, zone)
  const told = { mcc, country, zone: timezone, scale, migratedMs }
  const isNewer = atMs >= facts.profileMs
  facts.mcc = latest(told.mcc, facts.mcc, isNewer)
  facts.country = latest(told.country, facts.country, isNewer)
  facts.zone = latest(told.zone, facts.zone, isNewer)
  facts.scale = latest(told.scale, facts.scale, isNewer)
  facts.migratedMs = latest(told.migratedMs, facts.migratedMs, isNewer)
  facts.profileMs = Math.max(atMs, facts.profileMs)
  account.dirty.facts = true
  changes.add('profile')
}

function latest<T>(told: T | undefined, known: T | undefined, isNewer: boolean): T | undefined {
  return isNewer ? (told ?? known) : (known ?? told)
}

function declarePause(
  { account, atMs, changes }: Applying,
  { data }: EventOf<'merchant.pause.declared'>,
): void {
  const { pauses, terminals } = account.facts
  const from = parseDay(data.from) ?? NaN
  const to = parseDay(data.to) ?? NaN
  account.dirty.facts = true
  changes.add('pauses')
  if (to < from) return
  tellPause(pauses, { kind: 'declared', atMs, from, to })
  const sales = [...terminals.values()]
    .flatMap(({ activity }) => activity)
    .sort((a, b) => a.on - b.on)
  for (const { on, firstMs } of sales) breakPause(pauses, on, firstMs)
}

function verify(
  { account, atMs, zone, changes }: Applying,
  { data }: EventOf<'merchant.reverified'>,
): void {
  if (data.result !== 'success') return
  const { verifications } = account.facts
  const on = data.asOf === undefined ? zone.dayOf(atMs) : dateOfText(data.asOf, zone)
  verifications.push({ atMs, on })
  verifications.sort((a, b) => a.atMs - b.atMs)
  if (verifications.length > VERIFICATIONS_MAX) verifications.shift()
  account.dirty.facts = true
  changes.add('verification')
}
