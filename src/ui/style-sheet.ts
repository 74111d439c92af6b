/** The one style sheet; pages allow it by its hash. */
export const styleSheet = `
:root{color-scheme:light dark;--ground:#f2f5f8;--card:#fff;--text:#15212d;--quiet:#4d5b69;--line:#c3ccd5;--accent:#0b57a4;--on-accent:#fff;--tint:#e8f1fb;--bad:#a3172a;--bad-tint:#fdecee;--good:#0f6b3a;--good-tint:#e7f5ec}
@media (prefers-color-scheme:dark){:root{--ground:#0e151c;--card:#18222c;--text:#e9eff5;--quiet:#a9b7c4;--line:#4a5a69;--accent:#8fc4ff;--on-accent:#06213d;--tint:#1f3145;--bad:#ffb0b8;--bad-tint:#42191f;--good:#8fe0b0;--good-tint:#14351f}}
*{box-sizing:border-box}
html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:var(--ground);color:var(--text)}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;padding:1.5rem 1rem}
.brand{display:flex;align-items:center;gap:.75rem;width:100%;max-width:40rem;font-size:1.125rem;font-weight:600;margin:0 0 1rem}
.brand img{height:40px;width:auto;max-width:12rem;background:#fff;border-radius:.375rem;padding:2px}
.initials{display:inline-grid;place-items:center;min-width:2.75rem;height:2.75rem;border-radius:.75rem;background:var(--accent);color:var(--on-accent);font-weight:700}
main{width:100%;max-width:40rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:2rem;box-shadow:0 1px 2px #0001,0 8px 24px #0000000d}
footer{width:100%;max-width:40rem;margin-top:1rem;color:var(--quiet);font-size:.875rem}
footer p{margin:.25rem 0}
h1{font-size:1.625rem;line-height:1.25;margin:0 0 .5rem;text-wrap:balance}
h2{font-size:1.125rem;margin:2rem 0 .5rem}
p{margin:.5rem 0 1rem}
a{color:var(--accent);text-underline-offset:.2em}
.lead{font-size:1.0625rem;color:var(--quiet)}
.quiet,.hint{color:var(--quiet);font-size:.9375rem}
.app{display:flex;gap:1rem;align-items:center;margin:0 0 1.25rem}
.app img,.app .initials{flex:none;width:3.5rem;height:3.5rem;object-fit:contain;border-radius:.75rem;background:#fff;border:1px solid var(--line)}
.app .initials{background:var(--tint);color:var(--accent);font-size:1.25rem}
.app p{margin:0}.app strong{font-size:1.125rem}
.badge{display:inline-block;border:1px solid currentcolor;border-radius:1rem;padding:0 .625rem;font-size:.8125rem;font-weight:600;color:var(--quiet)}
.badge.good{color:var(--good);background:var(--good-tint)}
.field{display:flex;flex-direction:column;gap:.25rem;margin:0 0 1.125rem}
label,legend{font-weight:600}
input[type=text],input[type=password],input[type=date],input[type=search]{font:inherit;color:inherit;background:var(--card);border:1px solid var(--quiet);border-radius:.5rem;padding:.5rem .75rem;min-height:2.75rem;width:100%}
input[aria-invalid=true]{border:2px solid var(--bad)}
.error{color:var(--bad);font-weight:600}
.errors{border:2px solid var(--bad);background:var(--bad-tint);border-radius:.75rem;padding:.75rem 1rem;margin:0 0 1.25rem}
.errors h2{margin:0 0 .25rem;color:var(--bad)}.errors ul{margin:0;padding-left:1.25rem}.errors a{color:inherit}
.note{border-left:4px solid var(--accent);background:var(--tint);border-radius:0 .5rem .5rem 0;padding:.75rem 1rem;margin:0 0 1.25rem}
.note.good{border-color:var(--good);background:var(--good-tint)}
.note p{margin:0}
button,.button{font:inherit;font-weight:600;display:inline-flex;align-items:center;justify-content:center;min-height:2.75rem;padding:.5rem 1.25rem;border-radius:.625rem;border:2px solid var(--accent);background:var(--accent);color:var(--on-accent);cursor:pointer;text-decoration:none}
button.plain,.button.plain{background:transparent;color:var(--accent)}
.switch{margin:1.5rem 0 0;padding-top:1rem;border-top:1px solid var(--line);color:var(--quiet);font-size:.9375rem}
button.link{background:none;border:0;color:var(--accent);padding:0;font-weight:400;text-decoration:underline;text-underline-offset:.2em}
button:hover,.button:hover{filter:brightness(1.08)}
.wide{width:100%}
.choices{display:grid;grid-template-columns:1fr 1fr;gap:.75rem;margin:1.5rem 0 0}
.row{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end}
.row>.field{flex:1 1 10rem}
.row>button{margin-bottom:1.125rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
ul.cards{list-style:none;margin:0 0 1.25rem;padding:0;display:grid;gap:.625rem}
.card{display:flex;gap:.875rem;align-items:flex-start;border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem;min-height:2.75rem;font-weight:400}
label.card{cursor:pointer}
label.card:hover{border-color:var(--accent)}
label.card:has(:checked){border-color:var(--accent);background:var(--tint);box-shadow:inset 0 0 0 1px var(--accent)}
.card strong{display:block}
.persona{justify-content:space-between;align-items:center;flex-wrap:wrap}
.fact{display:inline-flex;flex-wrap:wrap;column-gap:.375rem;margin-right:1.25rem}
.box.allowed{padding:1.25rem;margin:0 0 1rem}
.facts{margin:0 0 1rem}.facts div{display:grid;grid-template-columns:8.5rem 1fr;gap:.25rem 1rem;padding:.375rem 0;border-bottom:1px solid var(--line)}
.card dl{display:flex;flex-wrap:wrap;gap:.125rem 1.25rem;margin:.125rem 0 0}
.card dl div{display:flex;gap:.375rem}
dt{color:var(--quiet)}dd{margin:0}
input[type=checkbox],input[type=radio]{accent-color:var(--accent);width:1.375rem;height:1.375rem;margin:.0625rem 0 0;flex:none}
details.group{border:1px solid var(--line);border-radius:.75rem;margin:0 0 .625rem}
details.group>summary{position:relative;cursor:pointer;padding:.75rem 5.75rem .75rem 1rem;min-height:2.75rem;font-weight:600;border-radius:.75rem}
details.group .names{display:block;margin-right:-4.75rem;font-weight:400;color:var(--quiet);font-size:.9375rem;padding-left:1.125rem}
.state span{display:none;position:absolute;top:.75rem;right:.75rem;font-weight:600;font-size:.8125rem;border-radius:1rem;padding:.0625rem .625rem;background:var(--tint);color:var(--accent)}
.state .none{background:none;border:1px solid currentcolor;color:var(--quiet)}
.group:not(:has(:checked)) .none{display:inline}
.group:has(:checked):has(.type>.tick input:not(:checked)) .some{display:inline}
.group:not(:has(.type>.tick input:not(:checked))) .all{display:inline}
.group.single{padding:0 1rem;border:1px solid var(--line);border-radius:.75rem;margin:0 0 .625rem}
.app .links{margin-top:.25rem}.links a{margin-right:1rem;white-space:nowrap}
.errors .row>button{margin:0}
details.group>div{padding:0 1rem .75rem;border-top:1px solid var(--line)}
.tick{display:flex;gap:.75rem;align-items:flex-start;min-height:2.75rem;padding:.625rem 0;font-weight:400;cursor:pointer}
.tick small{display:block;color:var(--quiet);font-size:.875rem}
.parts{margin:0 0 .5rem 2.125rem;border:0;border-left:3px solid var(--line);padding:0 0 0 1rem;min-width:0}
.parts legend{padding:.25rem 0;font-weight:400;color:var(--quiet);font-size:.9375rem}
.type:has(>.tick :checked) .parts .tick{color:var(--quiet)}
.box{border:1px solid var(--line);border-radius:.75rem;padding:.25rem 1rem .75rem;margin:0 0 1.25rem}
.box .field{margin:0 0 .25rem 2.125rem;max-width:16rem}
ul.plain{padding-left:1.25rem;margin:.25rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{text-align:left;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:top}
code{font:.9375em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--ground);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;white-space:pre-wrap}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:30rem){body{padding:1rem .75rem}main{padding:1.25rem 1rem}.facts div{grid-template-columns:1fr;gap:0}.app{align-items:flex-start;gap:.75rem}.app img,.app .initials{width:2.75rem;height:2.75rem}.box.allowed{padding:1rem}.choices button{padding:.5rem}th,td{padding-right:.375rem}}
@media (forced-colors:active){button,.button,.card{border:2px solid}}
@media (prefers-reduced-motion:no-preference){label.card,button{transition:border-color .1s,filter .1s}}
`
