// What is the newest time of the portal's that this phone knows, and how long ago was it heard here?
//
// An anchor is a text that only the portal can make: its time and a hash. An event that names one cannot have
// been made before it. `kept` is where the newest lies for later pages: get() and put(anchor); `clock` gives
// milliseconds that nobody can set, which a phone may stop while it sleeps: they prove "at least so long".

export function createAnchors(kept, clock = () => performance.now()) {
  let newest = "";
  let heardAt; // on the clock of this page or worker; undefined for what another one heard

  function isNews(anchor) {
    return typeof anchor === "string" && timeOf(anchor) > timeOf(newest);
  }

  return {
    // What an event says of now: the newest anchor, and the whole seconds since it was heard in this very life.
    known() {
      const since = heardAt === undefined ? null : Math.max(0, Math.floor((clock() - heardAt) / 1000));
      return { anchor: newest, since };
    },

    async hear(anchor) {
      if (!isNews(anchor)) return;
      newest = anchor;
      heardAt = clock();
      await kept.put(anchor);
    },

    // What an earlier page or another one heard. Its seconds would be somebody else's.
    async recall() {
      const anchor = await kept.get();
      if (!isNews(anchor)) return;
      newest = anchor;
      heardAt = undefined;
    },
  };
}

// The portal's milliseconds in an anchor, 0 for none: only to tell the newer of two.
export function timeOf(anchor) {
  return parseInt(anchor.split(".")[0], 36) || 0;
}
