/** What Forewarn expects of its topics, and the command that makes a topic so. Asks nobody. */

/** `output`: what is read back, so it must outlive the input. */
export type TopicRole = 'input' | 'output' | 'latest'

export type TopicPlan = Readonly<{
  topic: string
  role: TopicRole
  partitions: number
  replicas: number
  config: Readonly<Record<string, string>>
}>

/** A topic as the broker describes it: settings by name, defaults included. */
export type TopicState = Readonly<{
  topic: string
  partitions: number
  /** Of the partition that has fewest. */
  replicas: number
  config: ReadonlyMap<string, string>
}>

/** A `fault` forbids the start, a `note` does not. `remedy` is a command to be typed. */
export type TopicFinding = Readonly<{
  kind: 'fault' | 'note'
  topic: string
  text: string
  remedy: string
}>

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const OUTPUT_RETENTION_MS = 400 * DAY_MS
const AFTER_MAX = 'message.timestamp.after.max.ms'

/** Append time on the input, for a sender's clock cannot lie there; the latest record of each account. */
const CONFIG: Readonly<Record<TopicRole, Readonly<Record<string, string>>>> = {
  input: { 'cleanup.policy': 'delete', 'message.timestamp.type': 'LogAppendTime' },
  output: { 'cleanup.policy': 'delete', 'retention.ms': String(OUTPUT_RETENTION_MS) },
  latest: { 'cleanup.policy': 'compact' },
}

export type TopicSize = Pick<TopicPlan, 'partitions' | 'replicas'>

export function topicPlan(topic: string, role: TopicRole, size: TopicSize): TopicPlan {
  return { topic, role, ...size, config: CONFIG[role] }
}

/** Ready to be pasted into a shell. */
export function createCommand(plan: TopicPlan, brokers: string): string {
  const size = `--partitions ${plan.partitions} --replication-factor ${plan.replicas}`
  const config = Object.entries(plan.config).map(([name, value]) => `--config ${name}=${value}`)
  const topic = `--create --topic ${plan.topic}`
  return ['kafka-topics.sh', `--bootstrap-server ${brokers}`, topic, size, ...config].join(' ')
}

/** In the order of the plans; `states` answers undefined where there is no such topic. */
export function checkTopics(
  plans: readonly TopicPlan[],
  states: ReadonlyMap<string, TopicState>,
  brokers: string,
): readonly TopicFinding[] {
  const input = plans.find((plan) => plan.role === 'input')
  const inputRetention = retentionOf(input && states.get(input.topic))
  return plans.flatMap((plan): TopicFinding[] => {
    const state = states.get(plan.topic)
    if (state === undefined) {
      const remedy = createCommand(plan, brokers)
      return [{ kind: 'fault', topic: plan.topic, text: 'there is no such topic', remedy }]
    }
    const faults = [policyFault(plan, state), stampFault(plan, state)]
    if (plan.role === 'output') faults.push(retentionFault(state, inputRetention))
    const found = faults
      .filter((fault) => fault !== undefined)
      .map(([text, setting]): TopicFinding => ({
        kind: 'fault',
        topic: plan.topic,
        text,
        remedy: alterCommand(plan.topic, setting, brokers),
      }))
    return [...found, ...replicasNote(plan, state, brokers)]
  })
}

/** Where one is all that is wanted there is nothing to say. */
function replicasNote(plan: TopicPlan, state: TopicState, brokers: string): TopicFinding[] {
  if (state.replicas > 1 || plan.replicas <= 1) return []
  const text = `one replica, where there are brokers for ${plan.replicas}: it is away when its broker is, and lost with it`
  const remedy = `kafka-reassign-partitions.sh --bootstrap-server ${brokers} --execute --reassignment-json-file FILE, where FILE names ${plan.replicas} brokers for each partition`
  return [{ kind: 'note', topic: state.topic, text, remedy }]
}

type Fault = readonly [text: string, setting: string]

function policyFault({ role }: TopicPlan, { config }: TopicState): Fault | undefined {
  const policy = config.get('cleanup.policy') ?? 'delete'
  if (role === 'latest') {
    if (policy.split(',').includes('compact')) return undefined
    return ['it must be compacted: it holds the latest of each account', 'cleanup.policy=compact']
  }
  if (policy === 'delete') return undefined
  return ['it must not be compacted: every record of it counts', 'cleanup.policy=delete']
}

function stampFault({ role }: TopicPlan, { config }: TopicState): Fault | undefined {
  if (role !== 'input' || config.get('message.timestamp.type') === 'LogAppendTime') return undefined
  const afterMax = Number(config.get(AFTER_MAX) ?? Number.POSITIVE_INFINITY)
  if (afterMax <= HOUR_MS) return undefined
  return ['its senders may stamp records with a far future', `${AFTER_MAX}=${HOUR_MS}`]
}

function retentionFault(state: TopicState, inputMs: number): Fault | undefined {
  if (retentionOf(state) >= inputMs) return undefined
  const needed = Number.isFinite(inputMs) ? Math.max(inputMs, OUTPUT_RETENTION_MS) : -1
  return [
    'it forgets sooner than the input: what was said could be said again',
    `retention.ms=${needed}`,
  ]
}

/** Infinity for -1. Without a topic nothing is asked of the others. */
function retentionOf(state: TopicState | undefined): number {
  const ms = Number(state?.config.get('retention.ms') ?? 0)
  return ms < 0 ? Number.POSITIVE_INFINITY : ms
}

function alterCommand(topic: string, setting: string, brokers: string): string {
  const entity = `--entity-type topics --entity-name ${topic}`
  return `kafka-configs.sh --bootstrap-server ${brokers} --alter ${entity} --add-config ${setting}`
}
