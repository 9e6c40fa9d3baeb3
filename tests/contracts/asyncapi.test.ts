import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { EVENT_TYPES } from '../../scripts/contracts/json-schemas.ts'
import { createValidator } from './published.ts'

type Node = Record<string, unknown>
type Example = Readonly<{ headers?: unknown; payload: unknown }>
type Message = Node & Readonly<{ headers?: Reference; payload: Payload; examples?: Example[] }>
type Reference = Readonly<{ $ref: string }>
type Payload = Readonly<{ $ref?: string; allOf?: [Reference, { properties: { data: Reference } }] }>
type Document = Readonly<{
  asyncapi: string
  channels: Record<string, { address: string; messages: Record<string, Reference>; bindings: Node }>
  operations: Record<string, { action: string; channel: Reference }>
  components: { messages: Record<string, Message> }
}>

const text = readFileSync('asyncapi.yaml', 'utf8')
const document = parse(text) as Document
const { channels, operations, components } = document
const { faults } = createValidator()

test('is of version 3.1.0', () => {
  expect(document.asyncapi).toBe('3.1.0')
})

test('has the topics of a service as they are by default', () => {
  expect(Object.values(channels).map(({ address }) => address)).toEqual([
    'terminal.events',
    'account.warnings',
    'account.standing',
    'terminal.events.dlq',
  ])
  expect(channels['accountStanding']?.bindings).toMatchObject({
    kafka: { topicConfiguration: { 'cleanup.policy': ['compact'] }, bindingVersion: '0.5.0' },
  })
})

test('reads one topic and sends to three', () => {
  const said = Object.values(operations).map((it) => `${it.action} ${it.channel.$ref}`)
  expect(said).toEqual([
    'receive #/channels/terminalEvents',
    'send #/channels/accountWarnings',
    'send #/channels/accountStanding',
    'send #/channels/deadLetters',
  ])
})

test('every reference leads somewhere', () => {
  const found = [...references(document)]
  expect(found.length).toBeGreaterThan(300)
  expect(found.filter((it) => target(it) === undefined)).toEqual([])
  expect(target('#/channels/nosuch')).toBeUndefined()
  expect(target('./schemas/output/warning.v1.json#/$defs/nosuch')).toBeUndefined()
})

test('every type of the input is a message of its topic', () => {
  const names = Object.keys(channels['terminalEvents']?.messages ?? {})
  expect(names).toEqual([...EVENT_TYPES, 'binary'])
})

test('every message is on a topic', () => {
  const placed = Object.values(channels).flatMap(({ messages }) => Object.keys(messages))
  expect(placed.toSorted()).toEqual(Object.keys(components.messages).toSorted())
})

test('what is shown as an example is right', () => {
  let count = 0
  for (const [name, { headers, payload, examples = [] }] of Object.entries(components.messages)) {
    for (const example of examples) {
      count++
      const [first, second] = payload.allOf ?? []
      const checks = [
        ...(headers === undefined ? [] : [faults(idOf(headers.$ref), example.headers)]),
        ...(payload.$ref === undefined ? [] : [faults(idOf(payload.$ref), example.payload)]),
        ...(first === undefined ? [] : [faults(idOf(first.$ref), example.payload)]),
        ...(second === undefined
          ? []
          : [faults(idOf(second.properties.data.$ref), dataOf(example))]),
      ]
      expect([name, ...checks.flat()]).toEqual([name])
    }
  }
  expect(count).toBeGreaterThan(20)
})

function dataOf({ payload }: Example): unknown {
  return (payload as Node)['data']
}

/** `./schemas/output/warning.v1.json#/$defs/opened` as the validator names it. */
function idOf(reference: string): string {
  return reference.replace(/^.*\/([^/]+)\.json/, 'urn:forewarn:schema:$1')
}

function* references(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return
  for (const [name, inner] of Object.entries(node)) {
    if (name === '$ref') yield String(inner)
    else yield* references(inner)
  }
}

function target(reference: string): unknown {
  const [file = '', pointer = ''] = reference.split('#')
  if (file !== '' && !existsSync(file)) return undefined
  const root: unknown = file === '' ? document : JSON.parse(readFileSync(file, 'utf8'))
  const steps = pointer.split('/').slice(1)
  return steps.reduce<unknown>((node, step) => (node as Node | undefined)?.[step], root)
}
