/** The page begins. */
import { render } from 'preact'
import { App } from './app.tsx'
import { followDesk } from './desk/live.ts'
import { followAddress } from './desk/route.ts'
import './page.css'

const place = document.querySelector('#page')
if (place === null) throw new Error('the page has no place')
followAddress()
followDesk()
render(<App />, place)
