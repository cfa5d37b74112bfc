// The peer of the transaction list: the same virtual list with as many rows of the same height and nothing in them, under
// a bare search field.
import { render } from 'preact';
import { VirtualList } from '../../../extension/ui/virtual-list.tsx';

const ROW_HEIGHT = 52;
const count = Number(new URLSearchParams(location.search).get('rows'));

render(
  <main>
    <input type="search" />
    <VirtualList count={count} sizeOf={() => ROW_HEIGHT} keyOf={(index) => index}>
      {() => <div />}
    </VirtualList>
  </main>,
  document.body,
);
