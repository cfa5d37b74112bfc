// The peer of the transaction list: the same table with as many rows of the same height and nothing in them, under a bare
// search field.
import { render } from 'preact';
import { Table } from '../../../extension/ui/table.tsx';

const ROW_HEIGHT = 52;
const count = Number(new URLSearchParams(location.search).get('rows'));
const blank = { cells: null };

render(
  <main>
    <input type="search" />
    <Table
      label="Blank"
      head={null}
      count={count}
      sizeOf={() => ROW_HEIGHT}
      keyOf={(index) => index}
      row={() => blank}
      onOpen={() => {}}
    />
  </main>,
  document.body,
);
