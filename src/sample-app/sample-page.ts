import type { Practice } from '#http'
import { standardPath } from '#http'
import { type Content, html, type Page, page } from '#ui'
import { type FileName, sourceOf } from './files.ts'
import { samplePath, wanted } from './registered.ts'

export interface SamplePage {
  readonly practice: Practice
  readonly clientId: string
}

/** The shell; all else is done by the script, as in any app of a browser. */
export function samplePage({ practice, clientId }: SamplePage): Page {
  const { name, root } = practice
  const folder = new URL(root).pathname + samplePath
  return page({
    ...{ language: 'en', title: 'Sample app', brand: { name } },
    ownFiles: { script: `${folder}/main.js`, style: `${folder}/style.css` },
    main: html`<h1>A patient’s chart, in a sample app</h1>
<div id="sample-app" data-practice="${name}" data-client-id="${clientId}" data-fhir-base="${root + standardPath}" data-redirect-uri="${root + samplePath}" data-scope="${wanted}">
<p class="lead">Sign in as one of the sandbox’s made-up people, choose a patient, and say what this app may see.</p>
<div id="start"><noscript><p class="note">This app runs in the browser: it needs JavaScript. What it does can be read below.</p></noscript></div></div>
${code(practice)}`,
    foot: html`<p>Everybody and everything in this sandbox is made up.</p>`,
  })
}

function code({ root }: Practice): Content {
  return html`<section class="code" aria-labelledby="code"><h2 id="code">The code it took</h2>
<p>No library and no secret: the app is registered as a <em>public</em> app, finds its way from the address <code>${root + standardPath}</code> alone, and calls the same API as every other app.</p>
${source('sign-in.js', 'Getting a token')}
${source('read-chart.js', 'Reading the chart')}
${source('line-chart.js', 'Drawing the vital signs')}</section>`
}

function source(name: FileName, what: string): Content {
  const text = sourceOf(name)
  return html`<details${name === 'sign-in.js' && html` open`}><summary>${what}: <code>${name}</code>, ${text.split('\n').length} lines</summary>
<pre tabindex="0" aria-label="${name}"><code>${text}</code></pre></details>`
}
