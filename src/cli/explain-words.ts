/** Limits, steps and reasons of an explanation in words. */
import type { LimitNow } from '../core/look.ts'
import type { WindowNow } from '../core/explanation.ts'
import type { LevelStep } from '../core/policy.ts'
import { PANES_A_DAY } from '../core/spans.ts'
import { HOUR_MS } from '../core/time.ts'
import { amountText } from './sentence-parts.ts'

/** Cells of a line: what is measured, its limit, the limit's name, and what is usual where that decides. */
export function limitCells(
  { name, value, limit, unit, isMost }: LimitNow,
  { baseline, baselineOf, historyDays, seen }: WindowNow,
  currency = 'XXX',
): [value: string, limit: string, name: string, usual: string] {
  const money = String(seen?.['currency'] ?? currency)
  const figure = (it: number) => figureText(it, unit, money)
  const what = unit === 'basis-points' || unit === 'minor-units' ? '' : ` ${unit.replace('-', ' ')}`
  const cells = [
    ...[figure(value), `${isMost === true ? 'of at most' : 'of'} ${figure(limit)}${what}`, name],
  ] as const
  if (name !== 'multipleMin' || baseline === undefined) return [...cells, '']
  const whose = baselineOf === 'cohort' ? 'with merchants alike' : `on ${historyDays} trading days`
  return [...cells, `usual: ${figure(baseline)} ${whose}`]
}

/** `1 day`, `3 failures`. */
export function countText(count: number, unit: string): string {
  return `${count} ${count === 1 ? unit.replace(/s$/, '') : unit}`
}

function figureText(value: number, unit: string, currency: string): string {
  if (unit === 'basis-points') return `${(value / 100).toLocaleString('en')} %`
  return unit === 'minor-units' ? amountText(value, currency) : value.toLocaleString('en')
}

/** What a step of a behaviour's ladder takes. */
export function climbText(step: LevelStep): string {
  switch (step.kind) {
    case 'hit':
      return 'at the first hit'
    case 'value':
      return `at ${step.min} times what is usual`
    case 'amid':
      return step.except.length === 0
        ? 'while another behaviour warning is open'
        : `while another behaviour warning is open (not ${step.except.join(', ')})`
    case 'hits':
      return persistenceText(step)
  }
}

function persistenceText(step: Extract<LevelStep, { kind: 'hits' }>): string {
  switch (step.per) {
    case 'card': {
      const hours = ((step.panes ?? 0) / PANES_A_DAY) * 24
      return `hits of ${step.hits} cards${hours > 0 ? ` within ${hours} h` : ''}`
    }
    case 'trading-day':
      return 'hits on two trading days in a row'
    case 'day':
      return `hits on ${step.hits} of ${step.days} dates`
    case 'window':
      return `a second ${step.rule} apart from the first, within ${step.withinMs / HOUR_MS} h`
  }
}

/** Why something is held back. */
export const WHY: Readonly<Record<string, string>> = {
  'burn-in': 'too new to be compared with itself',
  pause: 'in a declared pause',
  'nothing-to-compare': 'too few trading days of its own, and no merchants alike',
  'exempt-mcc': 'usual in its trade',
  disputed: 'the invoice is disputed',
  'under-review': 'the document is under review',
  'no-busy-terminal': 'the account speaks for it',
  'rolled-up': 'the account speaks for it',
  blind: 'the partition sees too little to judge absence',
  'silent-together':
    'many merchants sold last on the same date: something before them may be broken',
  backlog: 'waits for stored sales',
  reviewed: 'the operator accepted the explanation',
  closing: 'a cancellation is open',
  deregistered: 'the account is closed',
  'role-backup': 'a backup terminal may be idle',
  'role-training': 'a training terminal may be idle',
  'role-test': 'a test terminal may be idle',
}
