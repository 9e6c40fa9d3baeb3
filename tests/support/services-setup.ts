import type { TestProject } from 'vitest/node'
import { findKafkaService, findRedisService } from './find-services.ts'
import type { Found } from './find-services.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Brokers that all suites share; undefined: none could be had. */
    kafka: string | undefined
    redis: string | undefined
    /** Whether suites can start servers of their own, to kill them. */
    ownKafka: boolean
    ownRedis: boolean
  }
}

/** Decides once per run what the suites have; `tests/support/services.ts` hands it to them. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const finding = await Promise.allSettled([
    findKafkaService(process.env),
    findRedisService(process.env),
  ])
  const tearDown = async () => {
    const found = finding.flatMap((it) => (it.status === 'fulfilled' ? [it.value.service] : []))
    await Promise.all(found.map(async (service) => service?.stop()))
  }
  try {
    const [kafka, redis] = finding.map(valueOf)
    report('Kafka', kafka)
    report('Redis', redis)
    project.provide('kafka', kafka?.service?.address)
    project.provide('redis', redis?.service?.address)
    project.provide('ownKafka', kafka?.ownMissing === undefined)
    project.provide('ownRedis', redis?.ownMissing === undefined)
    return tearDown
  } catch (error) {
    await tearDown()
    throw error
  }
}

function valueOf(finding: PromiseSettledResult<Found>): Found {
  if (finding.status === 'rejected') throw finding.reason
  return finding.value
}

/** `FOREWARN_TEST_REQUIRE=kafka,redis` makes a failure of what would otherwise be skipped. */
function report(name: 'Kafka' | 'Redis', found: Found | undefined): void {
  const required = (process.env['FOREWARN_TEST_REQUIRE'] ?? '').split(',')
  const isRequired = required.includes(name.toLowerCase())
  const problems = [
    ...(found?.service === undefined ? [`no ${name} (${found?.why})`] : []),
    ...(found?.ownMissing === undefined ? [] : [`no ${name} to kill (${found.ownMissing})`]),
  ]
  const [problem] = problems
  if (found?.service !== undefined) console.log(`tested with ${found.service.about}`)
  if (problem === undefined) return
  if (isRequired) throw new Error(`FOREWARN_TEST_REQUIRE: ${problem}`)
  console.log(`skipped the suites that need it: ${problem}`)
}
