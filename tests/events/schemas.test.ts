import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { decode } from '../../src/events/decode.ts'
import type { DeadCode, EventType } from '../../src/events/event.ts'
import { validateData } from '../../src/events/validate.ts'
import { REQUIRED } from './required-members.ts'
import { fullData, recordOfData, shapeOf, TYPES } from './samples.ts'

const WRONG_KINDS: readonly unknown[] = [7.5, true, [7], null]

function codeOf(type: EventType, data: Record<string, unknown>): DeadCode | undefined {
  const decoded = decode(recordOfData(data, type))
  return decoded.kind === 'dead' ? decoded.reason.code : undefined
}

function pathOf(type: EventType, data: Record<string, unknown>): string | undefined {
  const decoded = decode(recordOfData(data, type))
  return decoded.kind === 'dead' ? decoded.reason.path : undefined
}

test('the table of required members names every type', () => {
  expect(Object.keys(REQUIRED).toSorted()).toEqual(TYPES.toSorted())
})

describe.each(TYPES.filter((type) => type !== 'card.authorisation'))('%s', (type) => {
  const full = fullData(type)
  const required = (REQUIRED[type] ?? '').split(' ').filter((name) => name !== '')

  test('with all its members is an event whose data is what was sent', () => {
    expect(Object.values(full)).not.toContain(undefined)
    const decoded = decode(recordOfData({ ...full, unheardOf: { x: 1 } }, type))
    expect(decoded).toMatchObject({ kind: 'event', event: { type } })
    expect(decoded.kind === 'event' && decoded.event.data).toEqual(full)
  })

  test('requires what the table says, and nothing else', () => {
    const optional = Object.keys(full).filter((name) => !required.includes(name))
    for (const name of required) {
      const { [name]: _, ...others } = full
      expect([name, codeOf(type, others), pathOf(type, others)]).toEqual([
        name,
        'field-missing',
        `data.${name}`,
      ])
    }
    for (const name of optional) {
      const { [name]: _, ...others } = full
      expect([name, codeOf(type, others)]).toEqual([name, undefined])
    }
  })

  test('refuses every member of another kind', () => {
    for (const [name, schema] of Object.entries(shapeOf(type))) {
      const wrong = WRONG_KINDS.filter((value) => !schema.safeParse(value).success)
      expect([name, wrong.length >= 3]).toEqual([name, true])
      for (const value of wrong) {
        const data = { ...full, [name]: value }
        expect([name, value, codeOf(type, data)]).toEqual([name, value, 'field-invalid'])
        expect(pathOf(type, data)?.startsWith(`data.${name}`)).toBe(true)
      }
    }
  })

  test('reads an unknown choice of an optional member as absent, and refuses it of another', () => {
    for (const [name, schema] of Object.entries(shapeOf(type))) {
      const isOptional = schema instanceof z.ZodOptional
      if (!((isOptional ? schema.unwrap() : schema) instanceof z.ZodEnum)) continue
      const decoded = decode(recordOfData({ ...full, [name]: 'unheard-of' }, type))
      if (!isOptional) {
        expect(decoded).toMatchObject({ reason: { code: 'field-invalid', path: `data.${name}` } })
        continue
      }
      const { [name]: _, ...others } = full
      expect(decoded).toMatchObject({ kind: 'event', ignored: [`data.${name}`] })
      expect(decoded.kind === 'event' && decoded.event.data).toEqual(others)
    }
  })
})

describe('forms', () => {
  test.each<[EventType, Record<string, unknown>, DeadCode | undefined, string]>([
    ['card.authorisation', {}, undefined, 'the usual one'],
    ['card.authorisation', { terminalId: 'x'.repeat(64) }, undefined, 'an id of 64 bytes'],
    ['card.authorisation', { terminalId: 'x'.repeat(65) }, 'field-invalid', 'of 65'],
    ['card.authorisation', { terminalId: '终'.repeat(21) }, undefined, 'of 63 bytes'],
    ['card.authorisation', { terminalId: '终'.repeat(22) }, 'field-invalid', 'of 66 bytes'],
    ['card.authorisation', { terminalId: '' }, 'field-invalid', 'an empty id'],
    ['card.authorisation', { cardToken: 'x'.repeat(256) }, undefined, 'a text of 256 bytes'],
    ['card.authorisation', { cardToken: 'x'.repeat(257) }, 'field-invalid', 'of 257'],
    ['card.authorisation', { mti: '200' }, 'field-invalid', 'three digits'],
    ['card.authorisation', { last4: 'x821' }, 'field-invalid', 'no digits'],
    ['card.authorisation', { amount: 0 }, undefined, 'zero'],
    ['card.authorisation', { amount: 10 ** 15 }, undefined, 'much'],
    ['card.authorisation', { amount: 2 ** 53 - 1 }, undefined, 'the most'],
    ['card.authorisation', { amount: 2 ** 53 }, 'field-invalid', 'beyond the most'],
    ['card.authorisation', { amount: -1 }, 'field-invalid', 'negative'],
    ['card.authorisation', { amount: 0.5 }, 'field-invalid', 'a fraction'],
    ['card.authorisation', { amount: '12,34' }, 'field-invalid', 'a text'],
    ['card.authorisation', { amount: '١٢' }, 'field-invalid', 'digits of another script'],
    ['card.authorisation', { amount: '0x10' }, 'field-invalid', 'hexadecimal'],
    ['card.authorisation', { amount: ' 5 ' }, 'field-invalid', 'blanks'],
    ['card.authorisation', { amount: '' }, 'field-invalid', 'nothing'],
    ['card.authorisation', { currency: 'JPY' }, undefined, 'no minor units'],
    ['card.authorisation', { currency: 'XXX' }, 'currency-unknown', 'no currency'],
    ['card.authorisation', { currency: 'cny' }, 'currency-unknown', 'lower case'],
    ['card.authorisation', { currency: 156 }, 'field-invalid', 'a number'],
    ['card.authorisation', { currency: 'XXX', mti: '1' }, 'field-invalid', 'the first code'],
    ['card.authorisation', { currency: 'XXX', approved: 1 }, 'field-invalid', 'of a later member'],
    ['card.authorisation', { mti: 5, approved: undefined }, 'field-missing', 'the first of all'],
    ['card.authorisation', { approved: 'true' }, 'field-invalid', 'a text'],
    ['card.authorisation', { forwardedAt: '2026-02-30T00:00:00Z' }, 'field-invalid', 'no day'],
    ['card.authorisation', { location: { lat: 91, lon: 0 } }, 'field-invalid', 'beyond the pole'],
    ['card.authorisation', { location: { lat: 9 } }, 'field-missing', 'half a place'],
    ['balance.negative', { balance: -5000, currency: 'CNY' }, undefined, 'a signed amount'],
    ['payout.held', { payoutId: 'p', net: -5, adjustments: -9 }, undefined, 'signed amounts'],
    ['payout.held', { payoutId: 'p', fees: -9 }, 'field-invalid', 'fees are not'],
    ['payout.held', { payoutId: 'p', batchIds: Array(101).fill('b') }, 'field-invalid', 'a list'],
    ['payout.held', { payoutId: 'p', batchIds: Array(100).fill('b') }, undefined, 'of 100'],
    ['payout.held', { payoutId: 'p', holdReason: 'x'.repeat(500) }, undefined, 'free text'],
    ['payout.held', { payoutId: 'p', holdReason: 'x'.repeat(501) }, 'field-invalid', 'too long'],
    ['terminal.heartbeat', { terminalId: 'T', battery: 101 }, 'field-invalid', 'overfull'],
    ['terminal.heartbeat', { terminalId: 'T', signal: -71 }, undefined, 'dBm'],
    ['information.submitted', { warningId: 'w' }, undefined, 'one of two'],
    ['information.submitted', {}, 'field-missing', 'neither of two'],
    [
      'account.suspended',
      { effectiveAt: '2026-06-20', reasonCategory: 'fees' },
      undefined,
      'a day',
    ],
    ['fee.change.announced', { changeId: 'c', effectiveAt: '2026-06-31' }, 'field-invalid', 'none'],
    ['incident.opened', { incidentId: 'i', scope: 'channel', scopeValue: 'wechat' }, undefined, ''],
  ])('%s %j: %s (%s)', (type, data, code) => {
    expect(codeOf(type, data)).toBe(code)
  })

  test.each([
    ['Asia/Shanghai', undefined],
    ['PST8PDT', undefined],
    ['Asia/Calcutta', undefined],
    ['UTC', undefined],
    ['Etc/../x', 'zone-unknown'],
    ['Mars/Olympus', 'zone-unknown'],
    ['+08:00', 'zone-unknown'],
    ['2026-06-10[Asia/Shanghai]', 'zone-unknown'],
    ['', 'zone-unknown'],
    [8, 'field-invalid'],
  ])('zone %j: %s', (timezone, code) => {
    const data = { merchantType: 'micro', mcc: '5411', timezone }
    expect(codeOf('merchant.registered', data)).toBe(code)
  })

  test.each([
    [{ days: ['mon'], from: '17:00', to: '02:00' }, undefined],
    [{ days: ['someday'], from: '17:00', to: '02:00' }, 'field-invalid'],
    [{ days: ['mon'], from: '24:00', to: '02:00' }, 'field-invalid'],
    [{ days: ['mon'], from: '17:00' }, 'field-missing'],
  ])('hours %j: %s', (hours, code) => {
    expect(codeOf('merchant.profile-changed', { hours: [hours] })).toBe(code)
  })
})

test('an unknown choice inside a place is left out of the place alone', () => {
  const place = { lat: 1, lon: 2, source: 'stars' }
  expect(validateData('terminal.heartbeat', { terminalId: 'T', location: place })).toEqual({
    kind: 'valid',
    data: { terminalId: 'T', location: { lat: 1, lon: 2 } },
    ignored: ['data.location.source'],
  })
})
