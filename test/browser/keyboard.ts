import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

const mostStops = 80

/** Goes on by Tab to what is called so (a button, link or field), and sees that the focus shows. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = []
  for (let i = 0; i < mostStops; i++) {
    await page.keyboard.press('Tab')
    const { text, isShown } = await page.evaluate<{ text: string; isShown: boolean }>(focused)
    if (!name.test(text)) {
      passed.push(text)
      continue
    }
    assert.ok(isShown, `nothing shows that "${text}" has the focus`)
    return
  }
  throw new Error(`Tab does not come to ${name}; it came to: ${passed.join(' | ')}`)
}

const focused = `(() => {
  const at = document.activeElement
  const label = at.labels && at.labels.length > 0 ? at.labels[0].textContent : undefined
  const text = (label ?? at.textContent ?? '').replace(/\\s+/g, ' ').trim().slice(0, 100)
  const { outlineStyle, outlineWidth } = getComputedStyle(at)
  return { text, isShown: outlineStyle !== 'none' && outlineWidth !== '0px' }
})()`
