// How long may something take?

// What the promise comes to, or a TimeoutError after so many milliseconds; what was begun goes on by itself.
export function within(patience, promise) {
  if (patience === Infinity) return promise;
  return new Promise((resolve, reject) => {
    const late = () => reject(new DOMException("That took too long.", "TimeoutError"));
    const timer = setTimeout(late, patience);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
