import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TurnTimes, turnAmong } from './turn.ts'

/** Others come when they were looked for so many times. */
function othersAfter(looks: number) {
  const others = { asked: 0, maybeOne: async () => (++others.asked > looks ? ({} as never) : undefined) }
  return others
}

const times: TurnTimes = { leastMs: 5, silentMs: 5, lookMs: 2 }
const long = 1_000_000

async function* never(): AsyncGenerator<Buffer> {
  await new Promise(() => {})
}

test('a turn that got farther is over once others wait, and not before', async () => {
  const others = othersAfter(3)
  using turn = turnAmong(others, { ...times, silentMs: long })
  turn.arrived()
  await once(turn.over, 'abort')
  assert.equal(others.asked, 4)
  assert.ok(turn.source.aborted)
})

test('a source that is silent while others wait has failed', async () => {
  using turn = turnAmong(othersAfter(3), times)
  void turn.watched(never()).next()
  await once(turn.source, 'abort')
  assert.equal(turn.over.aborted, false)
  const { kind, message } = turn.source.reason
  assert.deepEqual([kind, message], ['unavailable', 'it sent nothing for 0.005 s while others waited for their turn'])
})

test('a source that falls silent after something came ends the turn', async () => {
  using turn = turnAmong(othersAfter(3), { ...times, leastMs: long })
  turn.arrived()
  void turn.watched(never()).next()
  await once(turn.over, 'abort')
})

test('whoever takes time over what came is not waited for, nor is the turn over before it got farther', async () => {
  const others = othersAfter(0)
  using turn = turnAmong(others, times)
  async function* one() {
    yield Buffer.from('x')
    await new Promise(() => {})
  }
  await turn.watched(one()).next()
  await sleep(50)
  assert.deepEqual([others.asked, turn.source.aborted], [0, false])
})
