package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One way in to one server, opened anew for each look.
 *
 * <p>The conversation runs on a thread of its own, because a server that hangs answers neither an interruption nor a
 * timeout that a data source may not have: the caller stops waiting at its deadline and cuts the connection. An attempt
 * to connect that hangs cannot be cut, so no second one is made while it lasts: a route leaks one thread at most.
 */
final class Route {
    private final DataSource source;
    private final String name;
    private volatile @Nullable Thread late;

    /** @param name in words, for messages: {@code the writer route} */
    Route(DataSource source, String name) {
        this.source = source;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Reads from the server in one read-only transaction. */
    <T> T read(Deadline deadline, List<Observation> asked, Reading<T> reading) {
        return use(deadline.remaining(), connection -> {
            try {
                return reading.from(
                        Session.begin(connection, deadline.remaining().toMillis(), asked));
            } finally {
                endTransaction(connection);
            }
        });
    }

    /** Works with a fresh connection for at most this long. */
    <T> T use(Duration most, Conversation<T> conversation) {
        Duration left = most.minus(margin(most));
        awaitLate(left);
        Attempt<T> attempt = new Attempt<>(new Talk<>(source, conversation));
        Thread thread = new Thread(attempt, "continuity-postgres " + name);
        thread.setDaemon(true);
        thread.start();
        try {
            return attempt.get(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            late = thread;
            attempt.talk.abandon();
            throw timedOut();
        } catch (InterruptedException e) {
            late = thread;
            attempt.talk.abandon();
            throw interrupted();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** So that the look itself ends within its deadline. */
    private static Duration margin(Duration most) {
        Duration share = most.dividedBy(20);
        Duration highest = Duration.ofMillis(200);
        return share.compareTo(highest) > 0 ? highest : share;
    }

    private void awaitLate(Duration most) {
        Thread earlier = late;
        if (earlier == null) {
            return;
        }
        try {
            earlier.join(Math.max(1, most.toMillis()));
        } catch (InterruptedException e) {
            throw interrupted();
        }
        if (earlier.isAlive()) {
            throw timedOut();
        }
        late = null;
    }

    private ContinuityException failure(@Nullable Throwable cause) {
        if (cause instanceof SQLException sql) {
            return Failures.of(sql, "asking over " + name);
        }
        if (cause instanceof ContinuityException known) {
            return known;
        }
        return Failures.of(cause, "asking over " + name);
    }

    private ContinuityException timedOut() {
        return new ContinuityException(
                FailureKind.TIMED_OUT,
                "%s gave no answer within the deadline".formatted(name),
                "see whether the server hangs, or allow the look more time");
    }

    private ContinuityException interrupted() {
        Thread.currentThread().interrupt();
        return new ContinuityException(
                FailureKind.INTERRUPTED, "asking over %s was interrupted".formatted(name), "look again");
    }

    private static void endTransaction(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Work in a read-only transaction. */
    interface Reading<T> {
        T from(Session session) throws SQLException;
    }

    /** Work with a connection. */
    interface Conversation<T> {
        T with(Connection connection) throws SQLException;
    }

    private static final class Attempt<T> extends FutureTask<T> {
        private final Talk<T> talk;

        Attempt(Talk<T> talk) {
            super(talk::run);
            this.talk = talk;
        }
    }

    /** A conversation that its caller may walk away from. */
    private static final class Talk<T> {
        private final DataSource source;
        private final Conversation<T> conversation;
        private @Nullable Connection open;
        private boolean abandoned;

        Talk(DataSource source, Conversation<T> conversation) {
            this.source = source;
            this.conversation = conversation;
        }

        T run() throws SQLException {
            try (Connection connection = source.getConnection()) {
                if (!opened(connection)) {
                    throw new SQLException("nobody waits any more", "57014");
                }
                return conversation.with(connection);
            }
        }

        private synchronized boolean opened(Connection connection) {
            open = connection;
            return !abandoned;
        }

        synchronized void abandon() {
            abandoned = true;
            if (open != null) {
                try {
                    open.abort(Runnable::run);
                } catch (SQLException alreadyBroken) {
                    // Nobody uses it any more.
                }
            }
        }
    }
}
