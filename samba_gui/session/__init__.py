"""The open document, observable and without Qt: what is loaded, selected, shown and computed."""
