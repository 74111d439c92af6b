import { drawn, element } from './elements.js'

const [width, height] = [320, 130]
const area = { left: 46, right: 310, top: 10, bottom: 100 }

/** A card with the last value and a chart of all: lines for the eyes, a table for whoever wants the numbers. */
export function vitalCard({ name, unit, lines }) {
  const last = lines.map(({ points }) => tidy(points.at(-1).value)).join('/')
  const latest = lines[0].points.at(-1).at
  return element(
    'section',
    { class: 'vital' },
    element('header', {}, element('h3', {}, name), element('span', { class: 'quiet' }, day(latest))),
    element('p', { class: 'latest' }, element('strong', {}, last), ` ${unit}`),
    lineChart({ name, lines }),
    lines.length > 1 ? legend(lines) : undefined,
    table(lines, unit),
  )
}

function lineChart({ name, lines }) {
  const all = lines.flatMap(({ points }) => points)
  const ticks = ticksOf(all.map(({ value }) => value))
  const times = all.map(({ at }) => at.getTime())
  const [from, to] = [Math.min(...times), Math.max(...times)]
  const x = (at) =>
    from === to ? (area.left + area.right) / 2 : between(area.left, area.right, (at - from) / (to - from))
  const y = (value) => between(area.bottom, area.top, (value - ticks[0]) / (ticks.at(-1) - ticks[0]))
  const count = lines[0].points.length
  const about = `${name}, ${count} ${count === 1 ? 'measurement' : 'measurements'} from ${day(from)} to ${day(to)}`
  return drawn(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': about },
    ticks.flatMap((tick) => [
      drawn('line', { class: 'grid', x1: area.left, x2: area.right, y1: y(tick), y2: y(tick) }),
      drawn('text', { x: area.left - 6, y: y(tick) + 4, 'text-anchor': 'end' }, tidy(tick)),
    ]),
    drawn('text', { x: area.left, y: height - 6 }, month(from)),
    from === to ? undefined : drawn('text', { x: area.right, y: height - 6, 'text-anchor': 'end' }, month(to)),
    lines.map((line, i) => drawn('g', { class: `line-${i % 2}` }, ...marks(line, x, y))),
  )
}

function marks({ name, points }, x, y) {
  const path = points.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  const dots = points.map(({ at, value }) => {
    const dot = { cx: x(at).toFixed(1), cy: y(value).toFixed(1), r: 3 }
    return drawn('circle', dot, drawn('title', {}, `${name} ${tidy(value)}, ${day(at)}`))
  })
  return [drawn('polyline', { points: path }), ...dots]
}

function legend(lines) {
  return element(
    'p',
    { class: 'legend' },
    lines.map(({ name }, i) => element('span', { class: `key line-${i % 2}` }, name)),
  )
}

function table(lines, unit) {
  const head = element(
    'tr',
    {},
    ['Date', ...lines.map(({ name }) => name)].map((name) => element('th', {}, name)),
  )
  const rows = lines[0].points.map(({ at }, i) => {
    const values = lines.map(({ points }) => element('td', {}, points[i] ? `${tidy(points[i].value)} ${unit}` : '–'))
    return element('tr', {}, element('td', {}, day(at)), values)
  })
  return element(
    'details',
    {},
    element('summary', {}, 'As a table'),
    element('table', {}, element('thead', {}, head), element('tbody', {}, rows.reverse())),
  )
}

/** Three or four round numbers around the values. */
function ticksOf(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const rough = (most - least) / 2 || 1
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough)
  const ticks = [Math.floor(least / step) * step]
  while (ticks.at(-1) < most || ticks.length < 2) ticks.push(ticks.at(-1) + step)
  return ticks
}

function between(start, end, share) {
  return start + (end - start) * share
}

function tidy(value) {
  return String(Number(value.toFixed(1)))
}

function day(at) {
  return new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' })
}

function month(at) {
  return new Date(at).toLocaleDateString(undefined, { month: 'short', year: 'numeric' })
}
