/** asyncapi.yaml: which topics there are, what is on them, and which schemas hold there. */
import { stringify } from 'yaml'
import { topicPlans } from '../../src/cli/topic-plans.ts'
import { serviceForm } from '../../src/config/service-schema.ts'
import type { Service } from '../../src/config/service-schema.ts'
import {
  BINDING_VERSION,
  inputMessages,
  messageTraits,
  outputMessages,
  WARNING_REASONS,
} from './asyncapi-messages.ts'
import type { Goldens, Node } from './asyncapi-messages.ts'

/** Of the contracts, not of the program: they change more seldom. */
const CONTRACT_VERSION = '1.0.0'

const service = serviceForm.parse({}) as unknown as Service
const { topics, groupId } = service.kafka

/** `goldens` become the examples of what is sent. */
export function asyncApi(goldens: Goldens): string {
  const input = inputMessages()
  const messages = { ...input, ...outputMessages(goldens) }
  const document = {
    asyncapi: '3.1.0',
    id: 'urn:forewarn',
    info: {
      title: 'Forewarn',
      version: CONTRACT_VERSION,
      description:
        'Terminal and account events of a payment operator in; warnings out, before an account would be ' +
        'suspended or ended. Topic names are the defaults; each can be configured.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: channels(Object.keys(input)),
    operations: operations(),
    components: { messages, messageTraits: messageTraits() },
  }
  const notice = '# Written by `npm run contracts`. Do not edit: see docs/contracts.md.\n'
  return notice + stringify(document, { lineWidth: 100, aliasDuplicateObjects: false })
}

type Channel = Readonly<{ topic: string; description: string; messages: readonly string[] }>

function channelsOf(input: readonly string[]): Readonly<Record<string, Channel>> {
  return {
    terminalEvents: {
      topic: topics.events,
      description:
        'The input. An event is plain JSON, or a CloudEvent in structured or binary mode; told apart by ' +
        'the header `content-type`, then by headers `ce_…`. In binary mode the value is the data alone.',
      messages: input,
    },
    accountWarnings: {
      topic: topics.warnings,
      description:
        'A record for each stage change of a warning. Each id once; deduplicate by it where the ' +
        'broker cannot promise that. Binary mode unless `output.mode` is `structured`.',
      messages: [...WARNING_REASONS.map((reason) => `warning.${reason}`), 'warning.structured'],
    },
    accountStanding: {
      topic: topics.standing,
      description: 'The latest of everything about each account. Compacted; always binary mode.',
      messages: ['standing', 'standing.gone'],
    },
    deadLetters: {
      topic: topics.deadLetters,
      description:
        'Input that could not be folded, with where it lay and why. See docs/dead-letters.md.',
      messages: ['deadLetter', 'deadLetter.connect', 'deadLetter.spring'],
    },
  }
}

function channels(input: readonly string[]): Node {
  const plans = new Map(topicPlans(service).map((plan) => [plan.topic, plan.config]))
  return mapValues(channelsOf(input), ({ topic, description, messages }) => ({
    address: topic,
    description,
    messages: Object.fromEntries(
      messages.map((name) => [name, { $ref: `#/components/messages/${name}` }]),
    ),
    bindings: {
      kafka: {
        topic,
        topicConfiguration: configuration(plans.get(topic) ?? {}),
        bindingVersion: BINDING_VERSION,
      },
    },
  }))
}

function configuration(config: Readonly<Record<string, string>>): Node {
  return mapValues(config, (value, name) => {
    if (name === 'cleanup.policy') return value.split(',')
    return /^-?[0-9]+$/.test(value) ? Number(value) : value
  })
}

function operations(): Node {
  const operation = (action: 'receive' | 'send', channel: string, summary: string) => ({
    action,
    channel: { $ref: `#/channels/${channel}` },
    summary,
  })
  const group = { type: 'string', default: groupId }
  return {
    readTerminalEvents: {
      ...operation('receive', 'terminalEvents', 'Folds every event into the state of its account.'),
      bindings: { kafka: { groupId: group, bindingVersion: BINDING_VERSION } },
    },
    sendWarnings: operation('send', 'accountWarnings', 'Says that a stage has changed.'),
    sendStanding: operation('send', 'accountStanding', 'Says how an account stands now.'),
    sendDeadLetters: operation('send', 'deadLetters', 'Hands back what could not be folded.'),
  }
}

function mapValues<Value>(
  members: Readonly<Record<string, Value>>,
  change: (value: Value, name: string) => unknown,
): Node {
  const entries = Object.entries(members)
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value, name)]))
}
