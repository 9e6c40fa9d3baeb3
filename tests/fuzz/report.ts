/** What to tell of a mutant that broke something: how to see it again, and its bytes where they may be told. */
import { hash } from 'node:crypto'
import { textBytesHoldCard, unparsableHoldsCard } from '../../src/events/card-data.ts'
import type { LogRecord } from '../../src/events/record.ts'
import type { Finding } from './fuzzer.ts'

export function findingText({ mutant, what }: Finding, seed: number): string {
  const { number, record, canary } = mutant
  return [
    `mutant ${number} of seed ${seed}: ${what}`,
    `again: npm run fuzz -- --seed ${seed} --mutant ${number}`,
    ...(canary === undefined && !holdsCard(record) ? bytesOf(record) : described(record)),
  ].join('\n')
}

function bytesOf({ key, value, headers, timestampMs }: LogRecord): string[] {
  return [
    `timestamp ${timestampMs}`,
    `key ${base64(key)}`,
    `value ${base64(value)}`,
    ...headers
      .slice(0, 20)
      .map(([name, bytes]) => `header ${JSON.stringify(name)} ${base64(bytes)}`),
  ]
}

function described({ value = new Uint8Array(0) }: LogRecord): string[] {
  return [`value of ${value.length} bytes, sha256 ${hash('sha256', value, 'hex')}: may hold a card`]
}

function holdsCard({ key, value, headers }: LogRecord): boolean {
  const texts = [key, ...headers.map(([, bytes]) => bytes)]
  if (value !== undefined && unparsableHoldsCard(value)) return true
  return texts.some((bytes) => bytes !== undefined && textBytesHoldCard(bytes))
}

function base64(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? 'absent' : Buffer.from(bytes).toString('base64')
}
