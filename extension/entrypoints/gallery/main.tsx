// The gallery of a development build: every primitive in every state. It never ships.
import { render } from 'preact';
import { Controls } from './controls.tsx';
import { Figures } from './figures.tsx';
import { Lists } from './lists.tsx';
import { Messages } from './messages.tsx';

// `gallery.html?theme=dark` without touching the system.
const theme = new URLSearchParams(location.search).get('theme');
if (theme !== null) document.documentElement.dataset['theme'] = theme;

render(
  <main>
    <h1 class="vh">Gallery</h1>
    <Controls />
    <Figures />
    <Messages />
    <Lists />
  </main>,
  document.body,
);
