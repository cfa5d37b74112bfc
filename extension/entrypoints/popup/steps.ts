// What the popup cannot do itself: it asks the browser, or the worker.

export interface Steps {
  openSettings: () => void;
  /** Opens the side panel, at a place of it when one is named. */
  openPanel: (place: string) => void;
  deploy: () => void;
  dismiss: (id: string) => void;
  drawAgain: () => void;
}
