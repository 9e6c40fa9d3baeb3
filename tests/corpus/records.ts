/** KR1 to KR13, as far as one record can show them, and not a whole batch. */
import { gzipSync } from 'node:zlib'
import { AUTHORISATION } from '../events/samples.ts'
import { inputsOf, utf8 } from './input.ts'
import type { Header } from '../../src/events/record.ts'
import type { Input } from './input.ts'

const YEAR_2262_MS = 9_223_372_036_854

function headers(): Input[] {
  const of = inputsOf('KR1')
  const event = (name: string, its: readonly Header[]) => of.event(name, {}, 'ok', { headers: its })
  const many = Array.from({ length: 10_000 }, (_, at): Header => [`h${at}`, utf8('x')])
  const same = Array.from({ length: 10_000 }, (): Header => ['same', utf8('x')])
  return [
    event('no UTF-8', [['h', Uint8Array.of(0xff, 0xfe, 0)]]),
    event('10,000', many),
    event('one name 10,000 times', same),
    event('twice', [
      ['traceparent', utf8('a')],
      ['traceparent', utf8('b')],
    ]),
    event('called __proto__', [
      ['__proto__', utf8('x')],
      ['constructor', utf8('y')],
    ]),
    of.raw(
      'an attribute that is no UTF-8',
      JSON.stringify(AUTHORISATION),
      'dead-letter:encoding-invalid',
      {
        headers: [
          ['ce_specversion', utf8('1.0')],
          ['ce_id', Uint8Array.of(0xff)],
        ],
      },
    ),
  ]
}

function times(): Input[] {
  const of = inputsOf('KR6')
  const receivedat = '2026-06-10T10:06:04.250+08:00'
  return [
    of.event('no timestamp', {}, 'ok', { timestampMs: undefined }),
    of.event('year 2262', { receivedat }, 'clamp', { timestampMs: YEAR_2262_MS }),
    of.event('1970', { receivedat }, 'ok', { timestampMs: 0 }),
  ]
}

function sizes(): Input[] {
  const of = inputsOf('KR9')
  const bare = of.text({ note: '' }).length
  const sized = (bytes: number) => of.text({ id: 'KR9-0', note: 'x'.repeat(bytes - bare) })
  return [
    of.raw('262,144 bytes', sized(262_144), 'ok'),
    of.raw('262,145 bytes', sized(262_145), 'dead-letter:value-too-large'),
  ]
}

/** By class. */
export const RECORDS: Readonly<Record<string, () => Input[]>> = {
  KR1: headers,
  KR3: () => {
    const packed = gzipSync(Buffer.alloc(1_000_000)).toString('base64')
    return [inputsOf('KR3').data('a bomb in a text', { note: packed, encoding: 'gzip' }, 'ok')]
  },
  KR6: times,
  KR9: sizes,
  KR11: () => {
    const of = inputsOf('KR11')
    const at = (source: string, time: string) => ({ source, time })
    return [
      of.event('the later one', at('urn:a', '2026-06-10T10:06:05Z'), 'ok'),
      of.event('the earlier one', at('urn:b', '2026-06-10T10:06:03Z'), 'ok'),
    ]
  },
}
