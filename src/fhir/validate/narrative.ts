/**
 * Narratives hold text and its form, and nothing that acts: what FHIR allows there, and well-formed
 * (https://hl7.org/fhir/R4/narrative.html, security.md S-16). What else there is is refused rather than taken out, so that
 * what is stored is what came.
 */
import { type Fault, Walk } from './walk.ts'

const elements = new Set(
  `a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre
   q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var`.split(/\s+/),
)
const attributes = new Set(
  `abbr accesskey align alt axis bgcolor border cellpadding cellspacing char charoff charset cite class colspan compact coords
   dir frame headers height href hreflang hspace id lang longdesc name nowrap rel rev role rowspan rules scope shape span src
   start style summary tabindex title type valign value vspace width xml:lang xml:space xmlns`.split(/\s+/),
)
const links = new Set(['href', 'src', 'cite', 'longdesc'])
const namespace = 'http://www.w3.org/1999/xhtml'

/** What is wrong with the narratives of a resource, those of contained ones too. */
export function narrativeFaults(resource: object): readonly Fault[] {
  const walk = new Walk()
  walk.enter(String((resource as { resourceType?: unknown }).resourceType))
  look(resource, walk)
  return walk.faults
}

function look(value: object, walk: Walk) {
  for (const [key, member] of Object.entries(value)) {
    walk.enter(Array.isArray(value) ? Number(key) : key)
    const reason = key === 'div' && typeof member === 'string' ? narrativeFault(member) : undefined
    if (reason !== undefined) walk.fault('value', `The narrative ${reason}`)
    else if (typeof member === 'object' && member !== null) look(member, walk)
    walk.leave()
  }
}

/** Undefined: it may be shown. */
export function narrativeFault(div: string): string | undefined {
  const open: string[] = []
  for (let at = 0; at < div.length; ) {
    const mark = div.indexOf('<', at)
    if (open.length === 0 && div.slice(at, mark < 0 ? undefined : mark).trim() !== '') return 'has text outside its div'
    if (mark < 0) break
    const end = div.startsWith('<!--', mark) ? commentEnd(div, mark) : tagEnd(div, mark, open, at === 0)
    if (typeof end === 'string') return end
    at = end
  }
  return open.length > 0 ? `does not close <${open.at(-1)}>` : undefined
}

// Each of these fails or ends where it began to differ: none goes back and forth over the text (S-15).
const opening = /<([A-Za-z][\w:-]*)/y
const attribute = /\s+([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const ending = /\s*(\/?)>/y
const closing = /<\/([A-Za-z][\w:-]*)\s*>/y

/** Where the tag at `start` ends, or what is wrong with it; `open` are the elements around it. */
function tagEnd(div: string, start: number, open: string[], isFirst: boolean): number | string {
  const closed = match(closing, div, start)
  if (closed) {
    if (open.pop() !== closed[1]) return `closes <${closed[1]}> where it is not open`
    return closing.lastIndex
  }
  const opened = match(opening, div, start)
  const name = opened?.[1] ?? ''
  if (!opened) return 'holds a "<" that begins no tag'
  if (!elements.has(name)) return `holds the element "${name}", which is not allowed there`
  if (open.length === 0 && (name !== 'div' || !isFirst)) return 'is not one div'
  const attributesEnd = attributesFault(div, opening.lastIndex)
  if (typeof attributesEnd === 'string') return attributesEnd
  const end = match(ending, div, attributesEnd)
  if (!end) return `holds a tag <${name}> that is not well-formed`
  if (end[1] === '') open.push(name)
  return ending.lastIndex
}

/** Where the attributes at `start` end, or what is wrong with one. */
function attributesFault(div: string, start: number): number | string {
  let at = start
  const seen = new Set<string>()
  for (let found = match(attribute, div, at); found; found = match(attribute, div, at)) {
    const [, name = '', quoted, single = ''] = found
    const value = quoted ?? single
    at = attribute.lastIndex
    const isKnown = attributes.has(name) || /^(?:data|aria)-[a-z-]+$/.test(name)
    if (!isKnown || seen.has(name)) return `holds the attribute "${name}", which is not allowed there`
    seen.add(name)
    if (name === 'xmlns' && value !== namespace) return `is not in the namespace ${namespace}`
    if (links.has(name) && !isSafeLink(value)) return `holds a link in "${name}" that is not allowed there`
    if (name === 'style' && !isSafeStyle(value)) return 'holds a style that loads something or acts'
  }
  return at
}

function commentEnd(div: string, start: number): number | string {
  const end = div.indexOf('--', start + 4)
  const isSound = end >= 0 && div[end + 2] === '>' && !/^-?>/.test(div.slice(start + 4, start + 6))
  return isSound ? end + 3 : 'holds a comment that is not well-formed'
}

/**
 * A scheme that does nothing but lead somewhere, or a link within or relative to this server. Blanks, control characters and
 * escapes before a colon are ways to hide a scheme.
 */
function isSafeLink(link: string): boolean {
  if (/^(?:https?|mailto|tel|urn):/i.test(link) || /^data:image\/(?:png|gif|jpeg|webp);base64,/i.test(link)) return true
  const [start = ''] = link.split(/[/?#]/, 1)
  return !/[:&\s\p{Cc}]/u.test(start)
}

/** Pictures of this server, or in the style itself, are what HL7's own narratives have behind their tables. */
const ownPicture = /url\((?:data:image\/(?:png|gif|jpeg);base64,[\w+/=]*|[\w./-]+)\)/gi

function isSafeStyle(style: string): boolean {
  return !/url\s*\(|expression|javascript|behavior|binding|@|\\|&#|\/\*/i.test(style.replace(ownPicture, ''))
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
