"""The pages that gather the other rooms: start page, receipt, tray."""
