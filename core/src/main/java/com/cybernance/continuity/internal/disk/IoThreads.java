package com.cybernance.continuity.internal.disk;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The threads that touch files. An interrupt closes a file channel for good, and callers may be interrupted at any time,
 * so callers only wait.
 */
public final class IoThreads {
    private static final int IDLE_SECONDS = 10;

    private final String name;
    private final ExecutorService executor;
    private final Duration bound;

    /**
     * @param name whose threads they are, for errors: "the state store of /x"
     * @param bound how long {@link #close} and {@link #last} wait
     */
    public IoThreads(String name, ExecutorService executor, Duration bound) {
        this.name = name;
        this.executor = executor;
        this.bound = bound;
    }

    /** One daemon thread, which starts with the first task and ends when the executor is shut down. */
    public static ExecutorService single(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
    }

    /** One daemon thread, which ends by itself soon after its last task and starts again with the next. */
    public static ExecutorService idling(String name) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** As many daemon threads as there are callers that wait; each ends by itself soon after its last task. */
    public static ExecutorService passing(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons(name));
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        };
    }

    /** Something to do on the thread. */
    public interface Task<T> {
        T run() throws IOException;
    }

    /** Runs a task and waits for it. If the caller is interrupted meanwhile, the result is undone. */
    public <T> T call(String doing, Task<T> task, Consumer<T> undo) {
        CompletableFuture<T> result = new CompletableFuture<>();
        submit(task, result, undo);
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (result.completeExceptionally(Reason.interrupted(doing))) {
                throw Reason.interrupted(doing);
            }
            return finished(result);
        } catch (ExecutionException e) {
            throw rethrown(e);
        }
    }

    /** Runs a task that gives something back; waits no longer than the bound, interrupted or not. */
    public void last(String doing, Task<Boolean> task) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        submit(task, result, ignored -> {});
        await(doing, result);
    }

    /** Runs a last task, then ends the thread. Later calls are refused. */
    public void close(String doing, Task<Boolean> task) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        try {
            submit(task, result, ignored -> {});
        } finally {
            executor.shutdown();
        }
        await(doing, result);
    }

    private <T> void submit(Task<T> task, CompletableFuture<T> result, Consumer<T> undo) {
        try {
            executor.execute(() -> run(task, result, undo));
        } catch (RejectedExecutionException e) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED, name + " is closed", "open another one over the directory", e);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it is, the caller that waits must hear of it
    private static <T> void run(Task<T> task, CompletableFuture<T> result, Consumer<T> undo) {
        try {
            T value = task.run();
            if (!result.complete(value)) {
                undo.accept(value);
            }
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    private void await(String doing, CompletableFuture<Boolean> result) {
        long left = bound.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    result.get(left, TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw rethrown(e);
        } catch (TimeoutException e) {
            throw new ContinuityException(
                    FailureKind.TIMED_OUT,
                    doing + " in " + name + " did not end within " + bound.toSeconds() + " s",
                    "a write hangs; the lease is given back when it ends, or with the process",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T finished(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw rethrown(e);
        }
    }

    private static RuntimeException rethrown(Exception e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException runtime) {
            return runtime;
        }
        return new ContinuityException(FailureKind.UNEXPECTED, "an input or output failed: " + cause, "report this", e);
    }
}
