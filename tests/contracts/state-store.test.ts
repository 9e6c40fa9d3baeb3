import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import { stateStoreContract } from './state-store.ts'

stateStoreContract('memory', async () => createMemoryStore())
