import { element } from './elements.js'
import { readChart } from './read-chart.js'
import { shownChart } from './show-chart.js'
import { authorize, discover, tokenFor } from './sign-in.js'

const place = document.getElementById('sample-app')
const app = { ...place.dataset }
const asked = new URLSearchParams(location.search)

/** Whatever fails is told where the chart would be. */
async function told(work) {
  try {
    await work()
  } catch (error) {
    show(element('div', { class: 'errors', role: 'alert' }, element('p', {}, error.message)), start('Start again'))
  }
}

function show(...elements) {
  place.replaceChildren(...elements)
}

function start(words) {
  const button = element('button', { type: 'button' }, words)
  button.addEventListener('click', () => told(() => authorize(app)))
  return button
}

async function showChart() {
  show(element('p', { role: 'status' }, 'Reading the chart …'))
  const given = await tokenFor(asked, app)
  const { management_endpoint: myApps, end_session_endpoint: signOut } = await discover(app.fhirBase)
  const back = new URLSearchParams({ client_id: app.clientId, post_logout_redirect_uri: app.redirectUri })
  const actions = [
    start('Another patient'),
    element('a', { class: 'button plain', href: myApps }, 'My apps: what this app may see'),
    element('a', { class: 'button plain', href: `${signOut}?${back}` }, 'Sign out'),
  ]
  show(...shownChart(await readChart(app.fhirBase, given)), element('p', { class: 'actions' }, actions))
  place.querySelector('h2[tabindex]').focus()
}

// The address of the page names the host: what is kept for one name of a host is not there for another.
if (location.origin !== new URL(app.redirectUri).origin) location.replace(app.redirectUri)
else if (asked.has('code') || asked.has('error')) {
  history.replaceState(undefined, '', location.pathname)
  told(showChart)
} else if (asked.has('launch')) told(() => authorize(app, asked.get('launch')))
else document.getElementById('start').append(start(`Connect to ${app.practice}`))
