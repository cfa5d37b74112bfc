// The layouts of the look-alike checkout, drawn anew on every change as a single-page app does. Tests change the state
// through `lookAlike.set({...})`; a person changes it with the controls.

const query = new URLSearchParams(location.search);
const state = {
  layout: 'classic',
  theme: 'dark',
  total: '81.900 USDC',
  cost: '80.098 USDC',
  hours: '60',
  unit: 'Hours',
  option: 'CREDITS',
  covered: '81.900 USDC',
  remaining: '0.000 USDC',
  button: 'Pay & Deploy Container',
  credits: '1',
  rate: 'IO COIN = 0.80 USDC',
  width: '',
  ...Object.fromEntries(query),
};

const root = document.getElementById('root');
const escape = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
const line = (label, value, kind = '') =>
  `<div class="line ${kind}"><span>${escape(label)}</span><b>${escape(value)}</b></div>`;
const isEnough = () => Number.parseFloat(state.remaining) === 0;

function options() {
  const names = [['IO COIN', '0%'], ['USDC', '2%'], ...(state.credits === '1' ? [['CREDITS', '2%']] : [])];
  return `<div class="options" role="radiogroup">${names
    .map(
      ([name, fee]) =>
        `<button class="option" role="radio" data-option="${name}" aria-checked="${name === state.option}">${name}<small>Cloud Services Fee: ${fee}</small></button>`,
    )
    .join('')}</div>`;
}

const info =
  '<svg width="14" height="14" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="none" stroke="gray"/></svg>';
const totals = () => `<div class="card total">
  <div class="line strong"><span>Total Cost ${info}</span><b id="total">${escape(state.total)}</b></div>
  ${line('Covered By IO Credits', state.covered, 'strong')}<hr>
  ${line('Remaining Amount To Pay', state.remaining, 'big')}
  ${isEnough() ? '' : '<small>Insufficient credits, please use other payment options or request more credits</small>'}
</div>`;
const buttons = () => `<div class="buttons"><button class="plain">Back</button>
  <button class="pay" ${isEnough() ? '' : 'disabled'}>${escape(state.button)}</button></div>`;

const layouts = {
  classic: () => `<main><div class="card">${options()}
    ${line('Conversion between IO Credits & USDC is:', '1 IO Credit = 1 USDC')}
    ${line('Quantity (GPUs/CPUs)', '1')}${line('Average Per Card', '$IO 1.59/hr')}
    ${line('Hours', `${state.hours}/hr`)}${line('Total Cost Per Card', '0.180 USDC')}${line('Cost', state.cost, 'strong')}
    <hr>${line('Cloud Services Fee', '1.6020 USDC')}${line('IONET FEE (0.25%)', '0.2002 USDC')}</div>
    ${totals()}${buttons()}</main>`,

  wizard: () => `<main><h1>Review and pay</h1><div class="card">
    <div class="line"><span>Duration</span><span><button class="plain" data-step="-1">-</button>
      <input type="number" id="duration" value="${escape(state.hours)}">
      <select id="unit">${['Hours', 'Days', 'Weeks', 'Months']
        .map((unit) => `<option ${unit === state.unit ? 'selected' : ''}>${unit}</option>`)
        .join('')}</select>
      <button class="plain" data-step="1">+</button></span></div>
    ${line('Price Per Hour', '$1.365/hr')}</div>
    <div class="card total"><div class="line strong"><span>Total Cost</span><b id="total">${escape(state.total)}</b></div>
    ${state.credits === '1' ? line('Paying with IO Credits', state.covered) + line('Balance', '$94.30') : line('Paying with', 'USDC')}</div>
    <div class="buttons"><button class="plain">Back</button><button class="pay">${escape(state.button)}</button></div></main>`,

  older: () => `<main><h1>Summary</h1><div class="card">${line('No. of Containers', '1')}
    <div class="line"><span>Enter Duration</span><span>Hourly Daily Weekly Monthly <input type="number" value="1"></span></div>
    ${line('Quantity (GPUs/CPUs)', '8')}${line('Average Per Card', '$IO 2.114/hr')}${line('Hours', `${state.hours} hours`)}
    ${line('Total Cost Per Card', '$IO 355.068')}${line('Cost', '$IO 2,833.457')}<hr>
    ${line('Cloud Services Fee', '$IO 0.0000')}${line('IONET FEE (0.25%)', '$IO 7.0840')}</div>
    <div class="card total"><div class="line strong"><span>Total Cost</span>
      <b><i class="coin" role="img" aria-label=""></i> <span id="total">${escape(state.total)}</span></b></div></div>
    <div class="line"><span>${escape(state.rate)}</span><span id="price-update">Price update in: 49s</span></div>
    <div class="buttons"><button class="pay">${escape(state.button)}</button></div></main>`,

  // Split texts in a table that reads from the right, in a modal dialog, a summary twice, rows of a virtualised list.
  awkward: () => {
    const [digits, unit] = state.total.split(' ');
    const split = `<span>${escape(digits.slice(0, 2))}</span><span>${escape(digits.slice(2))}</span> <i>${escape(unit ?? '')}</i>`;
    const row = `<tr><td><span>Tot</span><span>al</span> <em>Cost</em></td><td>${split}</td></tr>`;
    const list = Array.from(
      { length: 12 },
      (_, at) =>
        `<div style="top:${at * 30}px">${line(at === 3 ? 'Total Cost' : `Cost ${at}`, at === 3 ? state.total : `${at}.5 USDC`)}</div>`,
    ).join('');
    return `<main dir="rtl"><h1>Order</h1>${line('Total Cost Per Card', '0.180 USDC')}
      <div class="card scroller" dir="ltr">${list}</div></main>
      <dialog id="dialog" dir="rtl" style="background:inherit;color:inherit;border:1px solid #555;border-radius:8px;width:520px">
      <div class="options"><span>IO COIN</span><span>USDC</span><span>IO CREDITS</span></div>
      <table><tbody><tr><td>Cost</td><td>80.098 USDC</td></tr>${row}
      <tr><td>Covered By IO Credits</td><td>${escape(state.covered)}</td></tr></tbody></table>
      <div class="buttons"><button class="pay">${escape(state.button)}</button></div></dialog>`;
  },

  // The classic summary beside a list of 300 rows, all of it drawn anew.
  many: () =>
    `${layouts.classic()}<div class="list">${Array.from({ length: 300 }, (_, at) => line(`Node ${at}, RTX 4090`, `${at}.25 USDC/hr`)).join('')}</div>`,

  none: () =>
    '<main><h1>Clusters</h1><div class="card">No checkout here. <button class="plain">Deploy Cluster</button></div></main>',
};

function draw() {
  document.documentElement.className = `${state.theme} ${state.width}`;
  root.innerHTML = (layouts[state.layout] ?? layouts.classic)();
  document.getElementById('dialog')?.showModal();
}

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target.closest('[data-option],[data-step]') : null;
  if (target?.dataset.option) set({ option: target.dataset.option });
  if (target?.dataset.step) {
    const hours = Math.max(1, Number(state.hours) + Number(target.dataset.step));
    set({
      hours: String(hours),
      total: `$${(hours * 1.365).toFixed(2)}`,
      covered: `$${(hours * 1.365).toFixed(2)}`,
    });
  }
});

function set(part) {
  Object.assign(state, part);
  draw();
}

/** Goes to another view without a reload. */
function go(path, part) {
  history.pushState(null, '', path);
  set(part);
}

window.lookAlike = { set, go, state };
draw();
