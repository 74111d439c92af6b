/** Makes elements, never from text: what a record holds stays text. */
export const element = maker((name) => document.createElement(name))
export const drawn = maker((name) => document.createElementNS('http://www.w3.org/2000/svg', name))

function maker(create) {
  return (name, attributes = {}, ...children) => {
    const made = create(name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    made.append(...children.flat().filter((child) => child !== undefined))
    return made
  }
}
