/** The topics of a service, each as it has to be. */
import { topicPlan } from '../adapters/kafka-topics.ts'
import type { TopicPlan, TopicSize } from '../adapters/kafka-topics.ts'
import type { Service } from '../config/service-schema.ts'

const PARTITIONS = 12
// Kept for ever, the input with the sender's timestamps: a recorded stream lies far in the past.
const PAST = {
  input: { 'message.timestamp.type': 'CreateTime', 'retention.ms': '-1' },
  output: { 'retention.ms': '-1' },
} as const

export function topicPlans(
  { kafka: { topics } }: Service,
  { partitions = PARTITIONS, replicas = 1 }: Partial<TopicSize> = {},
  isPast = false,
): TopicPlan[] {
  const size = { partitions, replicas }
  const plans = [
    topicPlan(topics.events, 'input', size),
    topicPlan(topics.warnings, 'output', size),
    topicPlan(topics.standing, 'latest', size),
    topicPlan(topics.deadLetters, 'output', size),
  ]
  if (!isPast) return plans
  return plans.map((plan) => {
    return plan.role === 'latest'
      ? plan
      : { ...plan, config: { ...plan.config, ...PAST[plan.role] } }
  })
}
