/** The messages of asyncapi.yaml: keys, headers, payloads and examples. */
import type { Golden } from '../../tests/contracts/golden-files.ts'
import { goldenRecords } from '../../tests/contracts/golden-history.ts'
import { EVENT_TYPES, schemaPath } from './json-schemas.ts'
import { TYPE_MEANINGS } from './type-meanings.ts'

export type Node = Readonly<Record<string, unknown>>
export type Goldens = ReadonlyMap<string, Golden>

/** Of AsyncAPI's bindings for Kafka. */
export const BINDING_VERSION = '0.5.0'
export const WARNING_REASONS = ['opened', 'raised', 'resolved', 'retracted'] as const

export function messageTraits(): Node {
  const keyed = (description: string) => ({
    bindings: { kafka: { key: { type: 'string', description }, bindingVersion: BINDING_VERSION } },
  })
  return {
    ofAccount: keyed('The merchant id.'),
    ofInput: keyed('The merchant id; `*` of a control record. The same as `subject`.'),
    ofDead: keyed("The record's own key; empty where it held card data or was too long."),
  }
}

/** Name, title and the like, then a payload: in the order in which one reads. */
function message(trait: string, title: string, summary: string, rest: Node): Node {
  return { title, summary, traits: [{ $ref: `#/components/messageTraits/${trait}` }], ...rest }
}

function schema(name: string, pointer = ''): Node {
  return { $ref: `./${schemaPath(name)}${pointer}` }
}

/** By type; and one for all of them in binary mode. */
export function inputMessages(): Record<string, Node> {
  const examples = inputExamples()
  const ofType = EVENT_TYPES.map((type) => {
    const payload = {
      allOf: [
        schema('event.v1'),
        { type: 'object', properties: { type: { const: type }, data: schema(`${type}.v1`) } },
      ],
    }
    const example = examples.get(type)
    const shown = example === undefined ? {} : { examples: [{ payload: example }] }
    return [type, message('ofInput', type, TYPE_MEANINGS[type], { payload, ...shown })] as const
  })
  const binary = message(
    'ofInput',
    'Any event in binary mode',
    'The value is the data alone: the schema of its `ce_type` holds.',
    { headers: schema('event-headers.v1'), payload: { type: 'object' } },
  )
  return { ...Object.fromEntries(ofType), binary }
}

/** The first event of each type that occurs in the golden history. */
function inputExamples(): ReadonlyMap<string, Node> {
  const events = goldenRecords().flatMap(({ key, value }) => {
    const isDead = Buffer.from(key ?? []).toString() === 'M-dead'
    return isDead ? [] : [JSON.parse(Buffer.from(value ?? []).toString()) as Node]
  })
  const first = Map.groupBy(events, (event) => String(event['type']))
  return new Map([...first].map(([type, [event]]) => [type, event ?? {}]))
}

/** `goldens` become the examples. */
export function outputMessages(goldens: Goldens): Record<string, Node> {
  const shown = (...names: readonly string[]) => ({
    examples: names.map((name) => exampleOf(name, goldens)),
  })
  const warnings = WARNING_REASONS.map((reason) => {
    const names = [...goldens.keys()].filter((name) => name.startsWith(`warning-${reason}-`))
    const said = message('ofAccount', `Warning ${reason}`, MEANINGS[reason], {
      headers: schema('warning-headers.v1'),
      payload: schema('warning.v1', `#/$defs/${reason}`),
      ...shown(...names),
    })
    return [`warning.${reason}`, said] as const
  })
  const structured = message(
    'ofAccount',
    'Warning in structured mode',
    'Attributes and data in one.',
    {
      contentType: 'application/cloudevents+json',
      payload: schema('warning-event.v1'),
      ...shown('structured-raised'),
    },
  )
  const standing = message('ofAccount', 'Standing', 'How an account stands now.', {
    headers: schema('standing-headers.v1'),
    payload: schema('standing.v1'),
    ...shown('standing-with-clocks', 'standing-suspended'),
  })
  const gone = message('ofAccount', 'Gone', 'A tombstone: the account was deregistered.', {
    payload: { type: 'null' },
  })
  return {
    ...Object.fromEntries(warnings),
    'warning.structured': structured,
    standing,
    'standing.gone': gone,
    ...deadLetters(shown),
  }
}

const MEANINGS = {
  opened: 'An episode begins, at whichever stage it is found.',
  raised: 'An open warning has reached a higher stage.',
  resolved: 'The cause has ended.',
  retracted: 'It was never true: a late event disproves what was told.',
}

function deadLetters(shown: (...names: readonly string[]) => Node): Record<string, Node> {
  const letter = (style: string, headers: string, examples: Node) =>
    message(
      'ofDead',
      `Dead letter, ${style}`,
      'Key, value and headers as they were, ours behind.',
      {
        headers: schema(headers),
        payload: {
          description: 'As it came; or, where it was left out, `dead-letter-left-out.v1`.',
        },
        ...examples,
      },
    )
  return {
    deadLetter: letter(
      '`dlq.headerStyle: native`',
      'dead-letter-headers.v1',
      shown('dead-letter-json-invalid', 'dead-letter-card-data'),
    ),
    'deadLetter.connect': letter('`connect`', 'dead-letter-headers-connect.v1', {}),
    'deadLetter.spring': letter('`spring`', 'dead-letter-headers-spring.v1', {}),
  }
}

function exampleOf(name: string, goldens: Goldens): Node {
  const golden = goldens.get(name)
  if (golden === undefined) throw new Error(`there is no golden record ${name}`)
  const { headers, value, valueText } = golden
  return { name, headers, payload: value ?? valueText }
}
