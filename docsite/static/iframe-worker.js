// Searching from a folder: a page of file:// may start no Worker, so the worker's script runs in a hidden frame.
if (location.protocol === "file:") {
  class IFrameWorker extends EventTarget {
    onmessage = null;
    onerror = null;

    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "";
      document.body.append(frame);
      this.inside = frame.contentWindow;
      const answer = (data) => {
        const event = new MessageEvent("message", { data });
        this.dispatchEvent(event);
        this.onmessage?.(event);
      };
      this.inside.postMessage = answer;
      this.inside.importScripts = (...names) => names.reduce(
        (before, name) => before.then(() => this.run(name)), Promise.resolve(),
      );
      this.ready = this.run(address);
    }

    run(address) {
      return new Promise((done, failed) => {
        const script = this.inside.document.createElement("script");
        script.src = new URL(address, location.href).href;
        script.onload = () => done();
        script.onerror = () => failed(new Error(`cannot read ${script.src}`));
        this.inside.document.head.append(script);
      });
    }

    postMessage(data) {
      this.ready = this.ready.then(() => {
        this.inside.dispatchEvent(new MessageEvent("message", { data }));
      });
    }

    terminate() {
      this.inside.frameElement.remove();
    }
  }
  window.IFrameWorker = IFrameWorker;
  window.Worker = IFrameWorker;
}
