import { expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { INCIDENT_WORDS, partitionText } from '../../src/cli/incident-words.ts'
import { isIncidentKind } from '../../src/engine/incident.ts'
import { given } from '../support/command.ts'

const AT_MS = Date.parse('2026-03-01T09:30:00Z')

test('one that can be accepted says how, one that cannot does not', () => {
  const its = { partition: 3, fromOffset: 10, toOffset: 15, message: 'Gone.', atMs: AT_MS }
  const found = { partition: 3, accepted: [], unreadable: undefined }
  const gap = partitionText({ ...found, incident: { ...its, kind: 'retention-gap' } })
  expect(gap).toContain('partition 3  retention-gap  offsets [10, 15), 5 of them')
  expect(gap).toContain('forewarn incidents accept 3 --kind retention-gap --yes')
  const spread = partitionText({ ...found, incident: { ...its, kind: 'partition-count' } })
  expect(spread).toContain('This cannot be accepted')
  expect(spread).not.toContain('--yes')
})

test('what was accepted is told with who and when', () => {
  const range = { fromOffset: 10, toOffset: 15, continuedAt: 15 }
  const accepted = [{ kind: 'retention-gap', ...range, atMs: AT_MS, by: 'kim' } as const]
  const text = partitionText({ partition: 0, accepted, incident: undefined, unreadable: undefined })
  expect(text).toBe(
    'partition 0  accepted retention-gap [10, 15): on at 15, by kim, 2026-03-01T09:30:00.000Z',
  )
})

test('every kind has words', () => {
  expect(Object.keys(INCIDENT_WORDS).every(isIncidentKind)).toBe(true)
  expect(isIncidentKind('toString')).toBe(false)
})

test.each([
  ['accept 0', 'then say --yes'],
  ['accept zero --yes', 'zero is no partition'],
  ['accept 0 --from -1 --yes', '--from -1 is no offset'],
  ['accept 0 --kind hole --yes', '--kind hole is none'],
])('incidents %s: wrong usage, before anything is asked', async (words, text) => {
  const { io, err } = given()
  const code = await createProgram(io).run(['incidents', ...words.split(' ')])
  expect({ code, err: err() }).toEqual({ code: 2, err: expect.stringContaining(text) })
})
