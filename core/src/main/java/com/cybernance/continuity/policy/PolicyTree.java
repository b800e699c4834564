package com.cybernance.continuity.policy;

import com.cybernance.continuity.policy.Node.Entry;
import com.cybernance.continuity.policy.Node.Items;
import com.cybernance.continuity.policy.Node.Mapping;
import com.cybernance.continuity.policy.Node.Position;
import com.cybernance.continuity.policy.Node.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Turns YAML into nodes. Takes the parser's events one by one and stops at the first that goes too far, so that no file
 * can make it use more than a few megabytes. Knows no aliases and no tags: a policy is read by people, from top to bottom.
 */
final class PolicyTree {
    private static final int DEEPEST = 16;
    private static final int MOST_NODES = 20_000;

    private final Mistakes mistakes;
    private final Iterator<Event> events;
    private Position at = new Position(1, 1);
    private int nodes;

    private PolicyTree(Mistakes mistakes, Iterator<Event> events) {
        this.mistakes = mistakes;
        this.events = events;
    }

    /** Reads a text of bounded size without characters that cannot be printed. */
    static Node read(String text, Mistakes mistakes) {
        PolicyTree tree = new PolicyTree(mistakes, events(text));
        try {
            return tree.document();
        } catch (PolicyException e) {
            throw e;
        } catch (MarkedYamlEngineException e) {
            Position where = e.getProblemMark().map(PolicyTree::position).orElse(tree.at);
            throw mistakes.fatal(where, "not YAML: " + Fields.cut(e.getProblem()));
        } catch (RuntimeException | StackOverflowError e) {
            // The parser lets errors through that it does not declare, on tags and deep nesting for example.
            throw mistakes.fatal(tree.at, "not YAML: " + Fields.cut(String.valueOf(e.getMessage())));
        }
    }

    /** The parser as it is, which may throw anything on a hostile text. */
    static Iterator<Event> events(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel("policy").build();
        return new Parse(settings).parseString(text).iterator();
    }

    private Node document() {
        next(Event.ID.StreamStart);
        if (next().getEventId() == Event.ID.StreamEnd) {
            throw mistakes.fatal(at, "the file is empty: a policy has at least one clause");
        }
        Node root = node(next(), 0);
        next(Event.ID.DocumentEnd);
        if (next().getEventId() != Event.ID.StreamEnd) {
            throw mistakes.fatal(at, "a second document starts here: a file holds one policy");
        }
        return root;
    }

    private Node node(Event event, int depth) {
        refuseWhatReachesElsewhere(event);
        if (++nodes > MOST_NODES) {
            throw mistakes.fatal(at, "the file has more than %d values".formatted(MOST_NODES));
        }
        if (depth > DEEPEST) {
            throw mistakes.fatal(at, "nested more than %d deep".formatted(DEEPEST));
        }
        return switch (event.getEventId()) {
            case Scalar -> new Text(((ScalarEvent) event).getValue(), at);
            case SequenceStart -> items(depth);
            case MappingStart -> mapping(depth);
            default -> throw mistakes.fatal(at, "not expected here: " + event.getEventId());
        };
    }

    private Items items(int depth) {
        Position start = at;
        List<Node> items = new ArrayList<>();
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            items.add(node(event, depth + 1));
        }
        return new Items(items, start);
    }

    private Mapping mapping(int depth) {
        Position start = at;
        List<Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            if (!(node(event, depth + 1) instanceof Text key)) {
                throw mistakes.fatal(start, "a key must be a word, not a list or a mapping");
            }
            Node value = node(next(), depth + 1);
            if (seen.add(key.value())) {
                entries.add(new Entry(key, value));
            } else {
                mistakes.add(key.at(), "the key %s stands twice".formatted(Fields.cut(key.value())));
            }
        }
        return new Mapping(entries, start);
    }

    private void refuseWhatReachesElsewhere(Event event) {
        if (event.getEventId() == Event.ID.Alias || anchored(event)) {
            throw mistakes.fatal(at, "anchors and aliases (& and *) are not allowed: write the value out, or quote it");
        }
        if (tagged(event)) {
            throw mistakes.fatal(at, "tags (!) are not allowed: quote the value if it starts with !");
        }
    }

    private static boolean anchored(Event event) {
        return event instanceof NodeEvent node && node.getAnchor().isPresent();
    }

    private static boolean tagged(Event event) {
        return (event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
                || (event instanceof CollectionStartEvent start
                        && start.getTag().isPresent());
    }

    private void next(Event.ID expected) {
        Event event = next();
        if (event.getEventId() != expected) {
            throw mistakes.fatal(at, "not expected here: " + event.getEventId());
        }
    }

    private Event next() {
        Event event = events.next();
        Optional<Mark> mark = event.getStartMark();
        if (mark.isPresent()) {
            at = position(mark.get());
        }
        return event;
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
