import { element } from './elements.js'
import { vitalCard } from './line-chart.js'
import { vitalSigns } from './vital-signs.js'

/** The chart as elements. */
export function shownChart({ person, vitals, problems, medicines }) {
  return [
    banner(person),
    section('Vital signs', vitals, (found) => element('div', { class: 'vitals' }, vitalSigns(found).map(vitalCard))),
    element(
      'div',
      { class: 'columns' },
      section('Problems', problems, (found) => list(found.map(problem))),
      section('Medicines', medicines, (found) => list(found.map(medicine))),
    ),
  ]
}

function banner(person) {
  if (!person) return element('header', { class: 'banner' }, title('A patient whose name you did not share'))
  const { name = [], birthDate, gender, identifier = [] } = person
  const recordNumber = identifier.find(({ type }) => type?.coding?.some(({ code }) => code === 'MR'))?.value
  const facts = [birthDate && `Born ${birthDate}`, gender, recordNumber && `Record number ${recordNumber}`]
  return element(
    'header',
    { class: 'banner' },
    title(nameOf(name[0])),
    element('p', { class: 'quiet' }, facts.filter(Boolean).join(' · ')),
  )
}

/** It takes the focus, so that a screen reader begins here. */
function title(name) {
  return element('h2', { tabindex: '-1' }, name)
}

function nameOf({ given = [], family = '', text } = {}) {
  return text ?? [...given, family].join(' ')
}

/** Not shared, nothing there, or what there is. */
function section(title, found, show) {
  const content =
    found === undefined ? nothing('You did not share these.') : found.length === 0 ? nothing('None.') : show(found)
  return element('section', {}, element('h2', {}, title), content)
}

function nothing(sentence) {
  return element('p', { class: 'quiet' }, sentence)
}

function list(items) {
  return element('ul', { class: 'records' }, items)
}

function problem({ code, onsetDateTime, recordedDate }) {
  const since = onsetDateTime ?? recordedDate
  return item(textOf(code), since && `since ${since.slice(0, 4)}`)
}

function medicine({ medicationCodeableConcept, medicationReference, dosageInstruction = [] }) {
  return item(textOf(medicationCodeableConcept) ?? medicationReference?.display, dosageInstruction[0]?.text)
}

function item(what, more) {
  return element(
    'li',
    {},
    element('strong', {}, what ?? 'Without a name'),
    more ? element('span', { class: 'quiet' }, more) : undefined,
  )
}

function textOf({ text, coding = [] } = {}) {
  return text ?? coding[0]?.display ?? coding[0]?.code
}
