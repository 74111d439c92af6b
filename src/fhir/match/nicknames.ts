import { letters } from './folded.ts'

/** Names in a line are used for each other in the United States; a name may stand in several lines. */
const lines = `
abigail abby gail
abraham abe bram
albert al bert bertie
alexander alex al sandy xander sasha
alexandra alex sandra sandy lexi sasha
alfred al fred alfie
andrew andy drew
ann anna anne annie nancy
anthony tony
antonio tony tonio
arthur art artie
barbara barb babs barbie
beatrice bea trixie
benjamin ben benny benji
bradley brad
calvin cal
catherine katherine kathryn cathy kathy kate katie kay kitty
charles charlie chuck chas carlos
charlotte charlie lottie
christine christina chris chrissy tina
christopher chris kit topher
cynthia cindy
daniel dan danny
david dave davey
deborah debra deb debbie
dolores lola
donald don donnie
dorothy dot dottie dolly
douglas doug
edward ed eddie ned ted teddy eduardo
eleanor ellie nell nora
elizabeth liz lizzie beth betty betsy eliza elsie lisa libby isabel
emily em emmy
eugene gene
evelyn eve evie
florence flo flossie
frances fran frannie
francis frank
francisco frank paco pancho
frederick fred freddy fritz
gabriel gabe
george jorge
gerald gerry jerry
gregory greg
guadalupe lupe
guillermo memo william
harold hal harry
helen nell nellie
henry hank harry
herbert herb bert
isabella bella izzy
jacob jake
jacqueline jackie
james jim jimmy jamie
jeffrey geoffrey jeff geoff
jennifer jen jenny
jessica jess jessie
jesus chuy
john johnny jack jon juan
jonathan jon johnny
joseph joe joey jose pepe
joshua josh
judith judy
juan johnny
kenneth ken kenny
kimberly kim
lawrence laurence larry
leonard leo len lenny
leroy roy
leslie les
lillian lily lil
louis luis lou louie
lucille lucy
manuel manny
margaret maggie meg peg peggy marge margie greta rita
maria mary marie
martha marty patty
martin marty
mary marie polly molly mae
matthew matt
maximilian max
michael mike mickey mick miguel
mildred millie
nancy ann
natalie nat
nathan nathaniel nate nat
nicholas nick nicky
oliver ollie
olivia liv livvy
pamela pam
patricia pat patty tricia trish
patrick pat paddy
peter pete pedro
philip phil
phyllis phyl
priscilla cilla
rachel rae
raymond ray
rebecca becky becca
richard dick rich rick ricky ricardo
robert bob bobby rob robbie bert roberto
roger rodger rog
ronald ron ronnie
rosario chayo
roxanne roxie
russell russ
ruth ruthie
samantha sam
samuel sam sammy
sarah sara sally sadie
stephanie steph
stephen steven steve
stuart stu
susan susanna suzanne sue susie
sylvia syl
terence terry
theodore ted teddy theo
theresa teresa terry tess
thomas tom tommy tomas
timothy tim
tobias toby
valerie val
veronica ronnie vera
victor vic
victoria vicky tori
vincent vince
virginia ginny ginger
walter walt wally
wendell dell
wilhelm william bill
william bill billy will willie liam
zachary zach zack
`

const linesOf = new Map<string, Set<number>>()
for (const [index, line] of lines.trim().split('\n').entries()) {
  for (const name of line.split(' ')) linesOf.set(name, (linesOf.get(name) ?? new Set()).add(index))
}

/** Whether one is commonly called by the other: both stand in one line of the table. */
export function isNickname(one: string, other: string): boolean {
  const known = linesOf.get(letters(one))
  const others = linesOf.get(letters(other))
  return known !== undefined && others !== undefined && !known.isDisjointFrom(others)
}
